"""Addresses of the organization card."""

from django.urls import path

from tenants.organization.views import card, documents, premises, responsibles, setup

app_name = "organization"
XLSX, PDF = {"extension": "xlsx"}, {"extension": "pdf"}
_LISTS = [
    entry
    for code in ("buildings", "rooms", "equipment")
    for entry in (
        path(f"{code}/", premises.places, {"code": code}, name=code),
        path(f"{code}.xlsx", premises.export_places, {"code": code} | XLSX, name=f"{code}_xlsx"),
        path(f"{code}.pdf", premises.export_places, {"code": code} | PDF, name=f"{code}_pdf"),
        path(f"{code}/<uuid:place_id>/close/", premises.close, {"code": code}, name=f"close_{code}"),
    )
]
urlpatterns = [
    path("", card.show, name="card"),
    path("confirm/", card.confirm, name="confirm"),
    path("absence/<slug:code>/", card.absence, name="absence"),
    path("card.xlsx", card.export, XLSX, name="card_xlsx"),
    path("card.pdf", card.export, PDF, name="card_pdf"),
    path("people/", responsibles.people, name="people"),
    path("people.xlsx", responsibles.export_people, XLSX, name="people_xlsx"),
    path("people.pdf", responsibles.export_people, PDF, name="people_pdf"),
    path("people/new/", responsibles.new_person, name="new_person"),
    path("people/<uuid:person_id>/end/", responsibles.end_person, name="end_person"),
    path("documents/", documents.documents, name="documents"),
    path("documents.xlsx", documents.export_documents, XLSX, name="documents_xlsx"),
    path("documents.pdf", documents.export_documents, PDF, name="documents_pdf"),
    path("documents/new/", documents.new_document, name="new_document"),
    *_LISTS,
    path("buildings/new/", premises.new_building, name="new_building"),
    path("buildings/<uuid:building_id>/", premises.building, name="building"),
    path("buildings/<uuid:building_id>/edit/", premises.edit_building, name="edit_building"),
    path("buildings/<uuid:building_id>/rooms/new/", premises.new_room, name="new_room"),
    path("buildings/<uuid:building_id>/equipment/new/", premises.new_equipment, name="new_equipment"),
    path("rooms/<uuid:room_id>/edit/", premises.edit_room, name="edit_room"),
    path("equipment/<uuid:equipment_id>/edit/", premises.edit_equipment, name="edit_equipment"),
    path("setup/", setup.start, name="setup"),
    path("setup/skip/", setup.skip, name="setup_skip"),
    path("setup/<slug:step>/", setup.step, name="setup_step"),
]
