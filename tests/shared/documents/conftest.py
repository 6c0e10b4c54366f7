import datetime

import pytest

from shared.documents.columns import Column
from shared.documents.imprint import Imprint

MOSCOW = datetime.timezone(datetime.timedelta(hours=3))


@pytest.fixture
def imprint():
    return Imprint(
        organization="МБОУ «СОШ № 14»",
        title="Список класса 5А",
        made_at=datetime.datetime(2026, 9, 20, 14, 5, tzinfo=MOSCOW),
        executor="Лебедь О. Т.",
        filters="Класс: 5А",
    )


@pytest.fixture
def columns():
    return [Column("Имя", 30), Column("Всего", 8, "int"), Column("С", 12, "date"), Column("Доля", 8, "share")]
