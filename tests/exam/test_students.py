"""Numbers of students from their ids, and the exercises that each paper has."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalkgrad.exam.seeding import Secret
from chalkgrad.exam.students import numbered, selected

SECRET = Secret(bytes(range(32)))
LARGE = 1 << 40

IDS = st.lists(
    st.one_of(st.integers(0, 10**9).map(str), st.text("abcé Z7-", min_size=1, max_size=8)),
    max_size=30,
    unique=True,
)


def numbers(ids, capacity=LARGE, secret=SECRET):
    return [student.number for student in numbered(ids, secret, capacity)]


def test_an_id_of_digits_is_the_number():
    assert numbers(["17", " 20231234 ", "1"]) == [17, 20231234, 1]


def test_other_ids_are_hashed_with_the_secret():
    one, other = numbers(["maria.silva"]), numbers(["maria.silva"], secret=Secret(bytes(32)))
    assert one != other
    assert numbers(["x", "maria.silva"])[1] == one[0]
    assert 1 <= one[0] <= LARGE


def test_digits_of_other_scripts_are_letters():
    assert numbers(["٣"]) != [3]
    assert numbers(["²"]) != [2]


def test_an_id_is_the_same_however_its_accents_are_typed():
    assert numbers(["Jos\u00e9"]) == numbers(["Jose\u0301"])


@given(IDS, st.integers(30, 200))
def test_no_two_students_have_one_number(ids, capacity):
    found = numbered(ids, SECRET, capacity)
    assert len({student.number for student in found}) == len(ids)
    assert all(1 <= student.number <= capacity for student in found)


@given(IDS, st.text("abcé Z7-", min_size=1, max_size=8), st.integers(31, 200))
def test_a_student_more_at_the_end_changes_nobody(ids, newcomer, capacity):
    assert numbers([*ids, newcomer], capacity)[:-1] == numbers(ids, capacity)


@given(IDS)
def test_where_there_is_room_the_order_of_the_list_changes_nothing(ids):
    alone = {id: numbers([id])[0] for id in ids}
    if len(set(alone.values())) == len(ids):
        assert numbers(ids) == [alone[id] for id in ids]


def test_who_comes_later_takes_the_next_free_number_and_it_is_told():
    found = numbered(["7", "107", "8", "07"], SECRET, 100)
    assert [tuple(student) for student in found] == [(7, False), (8, True), (9, True), (10, True)]
    assert [tuple(student) for student in numbered(["100", "200"], SECRET, 100)] == [(100, False), (1, True)]


def test_a_full_list_takes_every_number():
    assert sorted(numbers([str(7 * i) for i in range(20)], 20)) == list(range(1, 21))


def test_there_are_not_more_students_than_papers():
    with pytest.raises(ValueError, match="more students than papers"):
        numbered(["1", "2"], SECRET, 1)


# --- banks -----------------------------------------------------------------------------------------------------

BANK = ("chain", "delta", "update", "softmax", "neuron")


def chosen(names, choose, papers=range(1, 401), *, shuffle=False):
    return [
        tuple(names[place] for place in places)
        for places in selected(names, SECRET, papers, choose, shuffle=shuffle)
    ]


@pytest.mark.parametrize("choose", [1, 2, 5])
def test_each_paper_has_as_many_as_are_chosen_in_the_order_of_the_bank(choose):
    for places in selected(BANK, SECRET, range(1, 101), choose, shuffle=False):
        assert len(set(places)) == choose
        assert list(places) == sorted(places)


def test_every_exercise_is_chosen_about_equally_often():
    counts = Counter(name for names in chosen(BANK, 2, range(1, 4001)) for name in names)
    assert set(counts) == set(BANK)
    assert sum((count - 1600) ** 2 / 960 for count in counts.values()) < 18.5  # variance 4000 · 2/5 · 3/5


def test_one_exercise_more_changes_only_the_papers_that_get_it():
    before, after = chosen(BANK, 3), chosen((*BANK, "new"), 3)
    with_it = [new for new in after if "new" in new]
    assert 100 < len(with_it) < 300
    for old, new in zip(before, after, strict=True):
        if "new" in new:
            assert len(set(old) & set(new)) == 2
        else:
            assert old == new


def test_the_order_of_the_bank_does_not_decide_which_are_chosen():
    forwards, backwards = chosen(BANK, 2), chosen(BANK[::-1], 2)
    assert [set(names) for names in forwards] == [set(names) for names in backwards]


def test_a_paper_chooses_without_the_others():
    assert chosen(BANK, 2, [17]) == [chosen(BANK, 2)[16]]
    assert chosen(BANK, 2, [1 << 40]) == chosen(BANK, 2, [1 << 40])


def test_shuffling_gives_every_order():
    orders = Counter(chosen(BANK[:3], 3, range(1, 1201), shuffle=True))
    assert len(orders) == 6
    assert sum((count - 200) ** 2 / 200 for count in orders.values()) < 20.5  # chi-squared, 5 degrees: 1 in 1000


def test_one_exercise_more_leaves_the_others_in_their_order():
    before, after = chosen(BANK, 5, shuffle=True), chosen((*BANK, "new"), 6, shuffle=True)
    assert [tuple(name for name in names if name != "new") for names in after] == before


def test_shuffling_changes_only_the_order():
    for plain, mixed in zip(chosen(BANK, 3), chosen(BANK, 3, shuffle=True), strict=True):
        assert set(plain) == set(mixed)
