"""Addresses of orders."""

from django.urls import path

from tenants.orders.views import lists, pages, wizard

app_name = "orders"
urlpatterns = [
    path("", lists.order_list, name="list"),
    path("sign/", lists.sign_many, name="sign_many"),
    path("new/<slug:kind>/", wizard.new, name="new"),
    path("<uuid:order_id>/", pages.detail, name="detail"),
    path("<uuid:order_id>/head/", wizard.head, name="head"),
    path("<uuid:order_id>/learners/", wizard.learners, name="learners"),
    path("<uuid:order_id>/learners/find/", wizard.find, name="find"),
    path("<uuid:order_id>/check/", wizard.check, name="check"),
    path("<uuid:order_id>/sign/", pages.sign, name="sign"),
    path("<uuid:order_id>/annul/", pages.annul, name="annul"),
    path("<uuid:order_id>/discard/", pages.discard, name="discard"),
    path("<uuid:order_id>/rows/<uuid:row_id>/remove/", pages.remove, name="remove"),
]
