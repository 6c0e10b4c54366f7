import pytest

from shared.classifiers.catalog import load_catalog, text_key

catalog = load_catalog()


@pytest.mark.parametrize(
    ("classifier", "text", "code"),
    [
        ("form_of_study", "очно-заочная", "part_time"),
        ("form_of_study", "part_time", "part_time"),
        ("form_of_study", "Очно–заочная", "part_time"),
        ("class_type", "с углубленным изучением  отдельных предметов", "in_depth"),
        ("country", "Белоруссия", "BLR"),
        ("country", "kaz", "KAZ"),
        ("country", "Российская федерация", "RUS"),
        ("document_type", "Свидетельство о рождении", "birth_certificate"),
        ("stay_regime", "Полный день (10,5-12 часов)", "full"),
        ("class_type", "нет такого", None),
        ("class_type", "", None),
    ],
)
def test_a_value_is_found_by_code_or_name_however_it_is_written(classifier, text, code):
    assert catalog.resolve(classifier, text) == code


def test_every_name_of_a_classifier_means_one_item():
    doubled = [
        (name, text)
        for name in catalog
        for item in catalog[name]
        for text in item.names
        if catalog.resolve(name, text) != item.code
    ]
    assert doubled == []


def test_no_label_was_cut_at_a_comma_by_the_data_format():
    cut = [(name, item.code) for name in catalog for item in catalog[name] if None in item.facts.values()]
    assert cut == []


def test_labels_and_choices_keep_the_order_of_the_classifier():
    assert catalog.codes("sex") == ["M", "F"]
    assert catalog.choices("sex") == [("M", "Мужской"), ("F", "Женский")]
    assert catalog.label("country", "GBR") == "Великобритания"


def test_an_unknown_code_is_a_fault_not_an_empty_label():
    with pytest.raises(KeyError):
        catalog.label("sex", "X")


def test_country_codes_have_three_letters():
    assert all(len(code) == 3 and code.isupper() for code in catalog.codes("country"))
    assert len(catalog.codes("country")) >= 195


def test_the_key_of_a_text_ignores_case_yo_spaces_and_kinds_of_dashes():
    assert text_key("  ОЧНО —  заЁчная ") == "очно - заечная"
