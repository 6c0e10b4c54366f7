from shared.imports.headers import header_key, match_headers, repeated_headers


def test_spaces_case_yo_and_the_asterisk_do_not_count():
    assert header_key("  Дата рождения* ") == header_key("ДАТА  РОЖДЕНИЯ") == header_key("\ufeffдата рождения:")
    assert header_key("Представитель : имя") == header_key("Представитель:Имя")
    assert header_key("Зачёт") == header_key("зачет")


def test_known_headers_are_placed_and_unknown_ones_listed_as_written():
    match = match_headers(["№ п/п", "КЛАСС*", "", "Имя"], ["Имя", "Класс", "Пол"])
    assert match.positions == {"Класс": 1, "Имя": 3}
    assert match.unknown == ["№ п/п"]


def test_repeated_headers_are_named_once_as_first_written():
    assert repeated_headers(["Класс", "", "", "класс*", "Имя", "КЛАСС"]) == ["Класс"]
