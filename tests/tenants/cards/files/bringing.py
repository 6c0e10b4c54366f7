"""Files of cards as people have them: written here, uploaded through the product's own pages."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHILD = {
    "Фамилия": "Ёлкин",
    "Имя": "Пётр",
    "Отчество": "Ильич",
    "Дата рождения": "05.03.2015",
    "Пол": "Мужской",
    "Тип документа": "Свидетельство о рождении",
    "Серия": "II-АГ",
    "Номер": "512345",
    "Согласие на обработку ПДн": "20.08.2026",
}
WORKER = {
    "Фамилия": "Савельева",
    "Имя": "Ольга",
    "Отчество": "Ивановна",
    "Дата рождения": "12.04.1980",
    "Пол": "Женский",
    "Дата приёма на работу": "01.09.2015",
    "№ приказа о приёме": "17-л",
    "Дата приказа о приёме": "28.08.2015",
    "Основная должность": "Учитель",
    "Согласие на обработку ПДн от": "01.09.2015",
}


def csv_of(*rows: Mapping[str, str], name: str = "карточки.csv") -> SimpleUploadedFile:
    headers = list(dict.fromkeys(header for row in rows for header in row))
    lines = [";".join(headers), *(";".join(row.get(header, "") for header in headers) for row in rows)]
    return SimpleUploadedFile(name, "\n".join(lines).encode(), content_type="text/csv")


def xlsx_of(headers: Sequence[str], *rows: Sequence[Any], name: str = "карточки.xlsx") -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(headers))
    for row in rows:
        sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return SimpleUploadedFile(name, stream.getvalue(), content_type=XLSX)


def upload(client: Client, kind: str, file: SimpleUploadedFile) -> str:
    """The address of the file's page."""
    response = client.post(f"/cards/files/{kind}/new/", {"file": file})
    assert response.status_code == 302, response.content.decode()
    return str(response.headers["location"])


def bring(client: Client, kind: str, *rows: Mapping[str, str]) -> str:
    """Upload and apply."""
    page = upload(client, kind, csv_of(*rows))
    response = client.post(f"{page}apply/")
    assert response.status_code == 302, text_of(response)
    return page


def taken(client: Client, kind: str) -> openpyxl.Workbook:
    """The file «для правки»."""
    response = client.get(f"/cards/files/{kind}/edit.xlsx")
    assert response.status_code == 200, text_of(response)
    return openpyxl.load_workbook(io.BytesIO(response.content))


def sent_back(book: openpyxl.Workbook, name: str = "для правки.xlsx") -> SimpleUploadedFile:
    stream = io.BytesIO()
    book.save(stream)
    return SimpleUploadedFile(name, stream.getvalue(), content_type=XLSX)


def place(book: openpyxl.Workbook, header: str) -> int:
    """The number of a column on the first sheet."""
    return [cell.value for cell in book.worksheets[0][1]].index(header) + 1


def text_of(response: Any) -> str:
    return response.content.decode()
