"""Messages: English texts that can be told in other languages, whatever happens to them on the way."""

from __future__ import annotations

import copy
import pickle

import pytest

from chalkgrad.catalogue.wording import language_of, load_wording
from chalkgrad.errors import ChalkgradError, Place, Problem, SpecError, did_you_mean
from chalkgrad.messages import ENGLISH, NOTHING, Message, told


class Shouting:
    """A language made for the test: English in capitals, with a plural from three on."""

    code = "xx"
    thousands = "'"

    def template(self, one: str, many: str, count: int | None) -> str:
        words = many if many and count is not None and count > 2 else one
        return "{".join(
            part.upper() if i == 0 else part.partition("}")[0] + "}" + part.partition("}")[2].upper()
            for i, part in enumerate(words.split("{"))
        )


ROWS = Message("{count} row of {what}", many="{count} rows of {what}", count=2, what=Message("numbers"))


def test_a_message_is_its_english_text():
    assert ROWS == "2 rows of numbers"
    assert Message("{count} row", many="{count} rows", count=1) == "1 row"
    assert told(ROWS, ENGLISH) == ROWS


def test_a_message_is_told_with_all_that_is_in_it():
    assert told(ROWS, Shouting()) == "2 ROW OF NUMBERS"
    assert told(Message("found {found}", found=ROWS), Shouting()) == "FOUND 2 ROW OF NUMBERS"


def test_what_a_user_wrote_is_not_translated_and_not_filled_in():
    hostile = '{count} "{0.__class__}" %s'
    said = Message("the key {key} of {count}", key=hostile, count=7)
    assert said == f"the key {hostile} of 7"
    assert told(said, Shouting()) == f"THE KEY {hostile} OF 7"


def test_braces_without_values_are_braces():
    assert told(Message("or {shared: …}"), ENGLISH) == "or {shared: …}"


def test_thousands_are_set_apart_as_the_language_does():
    size = Message("{size:,} bytes", size=1234567)
    assert size == "1,234,567 bytes"
    assert told(size, Shouting()) == "1'234'567 BYTES"
    assert told(size, load_wording("pt_BR")) == "1.234.567 bytes"


def test_texts_that_are_no_messages_stay_as_they_are():
    assert told("a number", load_wording("es")) == "a number"
    assert told(NOTHING, load_wording("es")) == ""


def test_a_message_survives_the_way_between_processes():
    for again in (pickle.loads(pickle.dumps(ROWS)), copy.copy(ROWS), copy.deepcopy(ROWS)):
        assert type(again) is Message
        assert again == ROWS
        assert told(again, Shouting()) == told(ROWS, Shouting())


def test_errors_are_told_in_a_language():
    error = ChalkgradError(Message("a {thing}", thing="word"))
    assert (str(error), error.told(Shouting())) == ("a word", "A word")
    assert ChalkgradError("as it is").told(Shouting()) == "as it is"
    assert ChalkgradError().told(Shouting()) == ""


def test_problems_keep_their_place_and_their_quotes():
    problem = Problem(
        Place("net.yaml", 5, 12),
        Message('"{text}"', text="sigmiod"),
        Message("an activation"),
        did_you_mean("sigmiod", ["sigmoid"]),
    )
    error = SpecError([problem], "es")
    assert str(error) == 'net.yaml:5:12: found "sigmiod", expected an activation; did you mean "sigmoid"?'
    spanish = 'net.yaml:5:12: hay "sigmiod" donde debería haber una activación; ¿quiso decir "sigmoid"?'
    assert error.told(load_wording("es")) == spanish
    again = pickle.loads(pickle.dumps(error))
    assert (again.told(load_wording("es")), again.language) == (spanish, "es")


def test_what_cannot_be_printed_is_not_printed_in_any_language():
    problem = Problem(Place("a\x1b[2J.yaml"), Message('"{text}"', text="\x07\u202e"), Message("a text"))
    for code in ("en", "es", "pt_BR"):
        assert problem.told(load_wording(code)).isprintable()


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "pt_BR.UTF-8"}, "pt_BR"),
        ({"LANG": "pt_PT@euro"}, "pt_BR"),
        ({"LANG": "pt"}, "pt_BR"),
        ({"LANG": "es_MX.UTF-8"}, "es"),
        ({"LANG": "es_MX.UTF-8", "LC_MESSAGES": "pt_BR.UTF-8"}, "pt_BR"),
        ({"LC_MESSAGES": "pt_BR.UTF-8", "LC_ALL": "es_ES.UTF-8"}, "es"),
        ({"LC_ALL": "es_ES.UTF-8", "LANGUAGE": "pt_BR"}, "pt_BR"),
        ({"LANG": "pt_BR.UTF-8", "LC_ALL": ""}, "pt_BR"),
        ({"LANGUAGE": "fr:es:pt_BR"}, "es"),
        ({"LANGUAGE": "fr", "LANG": "es_ES"}, "en"),
        ({"LANG": "../../etc"}, "en"),
    ],
)
def test_the_environment_is_heard_in_the_order_of_gettext(environment, code):
    assert language_of(environment) == code
