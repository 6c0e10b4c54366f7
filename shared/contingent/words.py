"""Dimensions and their values in Russian: what stands in heads of tables, in filters and beside a number."""

from __future__ import annotations

from shared.classifiers.catalog import load_catalog

DIMENSION_LABELS: dict[str, str] = {
    "municipality": "Муниципалитет",
    "organization": "Организация",
    "organization_type": "Тип организации",
    "program_kind": "Вид программы",
    "grade": "Параллель",
    "group": "Класс, группа",
    "sex": "Пол",
    "age": "Возраст, полных лет",
    "form_of_study": "Форма обучения",
    "form_of_education": "Форма получения образования",
    "shift": "Смена",
    "citizenship": "Гражданство",
    "health_limits": "ОВЗ",
    "disability": "Инвалидность",
    "direction": "Направленность программы",
    "class_type": "Вид класса",
    "group_orientation": "Направленность группы",
    "age_band": "Возрастная категория группы",
    "stay_regime": "Режим пребывания",
    "financing": "Источник финансирования",
    "urban_rural": "Местность",
    "supplementary_kind": "Вид дополнительной программы",
    "program_years": "Срок освоения программы, лет",
    "first_grade_year": "Год обучения в первом классе",
    "in_class_set": "В составе класса-комплекта",
    "unit_grade": "Параллель (у комплекта младшая)",
    "is_small": "Малая наполняемость",
}
CLASSIFIER_OF = {
    "organization_type": "org_type",
    "program_kind": "program_kind",
    "sex": "sex",
    "form_of_study": "form_of_study",
    "form_of_education": "form_of_education",
    "citizenship": "country",
    "direction": "program_direction",
    "class_type": "class_type",
    "group_orientation": "group_orientation",
    "age_band": "age_band",
    "stay_regime": "stay_regime",
    "financing": "financing_kind",
    "urban_rural": "urban_rural",
    "supplementary_kind": "supplementary_program_kind",
}
_YES_NO = {"yes": "да", "no": "нет"}
_YEARS = {"single": "одногодичный", "first": "первый год", "second": "второй год"}
_PLURAL_TYPES = {
    "school": "Школы",
    "preschool": "Детские сады",
    "supplementary": "Дополнительное образование",
    "vocational": "Профессиональные организации",
    "vocational_training": "Организации ДПО",
    "boarding": "Организации для детей-сирот",
}


def dimension_label(name: str) -> str:
    return DIMENSION_LABELS.get(name, name)


def value_label(dimension: str, value: str) -> str:
    """A code as people read it; a code no classifier knows is shown as it is."""
    if value == "":
        return "не указано"
    classifier = CLASSIFIER_OF.get(dimension)
    if classifier is not None:
        known = load_catalog()[classifier]
        return known[value].label if value in known else value
    if dimension == "grade":
        return f"{value}-й класс"
    return _YES_NO.get(value) or _YEARS.get(value) or value


def organization_types(code: str) -> str:
    """A type of organizations as a filter names it, in the plural and short."""
    return _PLURAL_TYPES.get(code, code)
