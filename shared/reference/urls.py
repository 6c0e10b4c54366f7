"""Addresses of the classifiers on the hosts that keep some: the region's and organizations'."""

from django.urls import path

from shared.reference import changing, views

app_name = "classifiers"
READING = [
    path("", views.book_list, name="list"),
    path("export.xlsx", views.export_books, name="export"),
    path("<slug:name>/", views.book, name="book"),
    path("<slug:name>/export.xlsx", views.export_values, name="export_values"),
]
urlpatterns = [
    *READING,
    path("<slug:name>/add/", changing.add, name="add"),
    path("<slug:name>/<uuid:value_id>/name/", changing.rename, name="rename"),
    path("<slug:name>/<uuid:value_id>/term/", changing.term, name="term"),
    path("<slug:name>/<uuid:value_id>/names/", changing.names, name="names"),
]
