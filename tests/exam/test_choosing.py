"""Which candidate becomes paper n: compared with going through the places one by one."""

from __future__ import annotations

import numpy as np
import pytest

from chalkgrad.catalogue.wording import load_wording
from chalkgrad.errors import TooFewPapers
from chalkgrad.exam import choosing
from chalkgrad.exam.choosing import Chooser
from chalkgrad.exam.seeding import Secret
from chalkgrad.exam.space import Space
from chalkgrad.exam.tally import Tally

SECRET = Secret(bytes(range(32)))

AMPLE = (20,) * 9 + (11, 4)
SCARCE = (20,) * 5 + (9,)
SMALL = (7, 5, 6, 2)


def keys(exercise: str = "one"):
    return lambda purpose: SECRET.key(exercise, purpose)


def judge(picks):
    return {"first": picks[:, 0] > picks[:, 1], "sum": picks.sum(axis=1) % 3 == 0}


def chooser(sizes, judge=judge, exercise="one") -> Chooser:
    return Chooser(Space(sizes, keys(exercise)), judge)


def plainly(chooser: Chooser, number: int):
    """Paper n by the description: its picks, how many candidates it took, and which conditions those broke."""
    places, papers, _ = chooser.layout
    block, rank = divmod(number - 1, papers)
    drawn, broken = 0, {"first": 0, "sum": 0}
    for place in range(block * places, (block + 1) * places):
        picks, kept = chooser.space.candidates(np.array([place]))
        if not kept[0]:
            continue
        drawn += 1
        row = picks[0].tolist()
        fails = [name for name, held in (("first", row[0] > row[1]), ("sum", sum(row) % 3 == 0)) if not held]
        for name in fails:
            broken[name] += 1
        if not fails:
            if rank == 0:
                return row, drawn, broken
            rank, drawn, broken = rank - 1, 0, {"first": 0, "sum": 0}
    raise AssertionError


@pytest.mark.parametrize("sizes", [AMPLE, SCARCE, SMALL])
def test_a_paper_is_what_the_description_says(sizes):
    ours = chooser(sizes)
    numbers = [1, 2, 3, 5, 12] if ours.is_exact else [1, 2, 5, 17, ours.capacity]
    found = ours.chosen(numbers)
    for i, number in enumerate(numbers):
        row, drawn, broken = plainly(ours, number)
        assert found.picks[i].tolist() == row
        assert found.tally.drawn[i] == drawn
        assert {name: counts[i] for name, counts in found.tally.broken.items()} == broken


def test_the_three_ways_to_lie_in_a_space_are_met():
    assert chooser(AMPLE).layout.papers == 1
    assert 1 < chooser(SCARCE).layout.papers <= choosing.SHARED
    assert chooser(SMALL).is_exact
    # too large to be listed, and next to nothing is accepted
    rare = chooser((1024, 1024), lambda p: {"equal": (p[:, 0] == p[:, 1]) & (p[:, 0] % 50 == 0)})
    assert rare.is_exact
    assert not rare.space.is_listed


@pytest.mark.parametrize("sizes", [AMPLE, SCARCE, (80, 80, 80)])
def test_no_two_papers_are_the_same_and_all_hold_the_conditions(sizes):
    picks = chooser(sizes).chosen(range(1, 20_001)).picks
    assert len(np.unique(picks, axis=0)) == 20_000
    assert all(held.all() for held in judge(picks).values())


@pytest.mark.parametrize("sizes", [AMPLE, SCARCE, SMALL])
def test_a_paper_does_not_depend_on_the_others(sizes):
    numbers = np.arange(1, 41)
    together = chooser(sizes).chosen(numbers)
    order = np.random.default_rng(1).permutation(40)
    mixed = chooser(sizes).chosen(numbers[order])
    assert (mixed.picks == together.picks[order]).all()
    assert (mixed.tally.drawn == together.tally.drawn[order]).all()
    twice = chooser(sizes).chosen([3, 17, 3])
    assert (twice.picks == together.picks[[2, 16, 2]]).all()
    for number in (1, 17, 40):
        alone = chooser(sizes).chosen([number])
        assert (alone.picks[0] == together.picks[number - 1]).all()
        for name, counts in alone.tally.first.items():
            assert counts[0] == together.tally.first[name][number - 1]


@pytest.mark.parametrize("sizes", [AMPLE, SCARCE, SMALL])
def test_another_chunk_gives_the_same(sizes, monkeypatch):
    numbers = range(1, 31)
    expected = chooser(sizes).chosen(numbers)
    layout = chooser(sizes).layout
    monkeypatch.setattr(choosing, "CHUNK", 57)
    ours = chooser(sizes)
    ours.layout = layout
    found = ours.chosen(numbers)
    assert (found.picks == expected.picks).all()
    assert (found.tally.drawn == expected.tally.drawn).all()


def test_in_an_ample_space_a_condition_changes_only_the_papers_that_break_it():
    before = chooser(AMPLE).chosen(range(1, 501)).picks
    after = chooser(AMPLE, lambda p: {**judge(p), "more": p[:, 2] > 2}).chosen(range(1, 501)).picks
    fine = before[:, 2] > 2
    assert 0 < fine.sum() < 500
    assert (before[fine] == after[fine]).all()
    assert (after[:, 2] > 2).all()


def test_exercises_have_papers_of_their_own():
    one, other = (chooser(AMPLE, exercise=name).chosen(range(1, 101)).picks for name in ("one", "two"))
    assert not (one == other).all(axis=1).any()


@pytest.mark.parametrize("sizes", [AMPLE, SCARCE, SMALL])
def test_candidates_add_up(sizes):
    tally = chooser(sizes).chosen(range(1, 41)).tally
    rejected = sum(tally.first.values())
    assert (tally.drawn == rejected + 1).all()
    assert all((tally.first[name] <= tally.broken[name]).all() for name in tally.first)
    assert (tally.first["first"] == tally.broken["first"]).all()


def test_no_paper_is_no_paper():
    found = chooser(AMPLE).chosen([])
    assert found.picks.shape == (0, len(AMPLE))
    assert found.tally.drawn.tolist() == []


def test_an_exercise_without_draws_has_one_paper():
    ours = chooser((), lambda p: {})
    assert ours.capacity == 1
    assert ours.chosen([1]).picks.shape == (1, 0)
    with pytest.raises(TooFewPapers, match="2 papers are asked for, and there is 1 in all"):
        ours.require(2)


# --- running out -----------------------------------------------------------------------------------------------


def test_all_the_papers_there_are_can_be_had():
    ours = chooser(SMALL)
    every = np.stack(np.meshgrid(*map(np.arange, SMALL), indexing="ij"), axis=-1).reshape(-1, 4)
    good = every[judge(every)["first"] & judge(every)["sum"]]
    assert ours.capacity == ours.existing == len(good)
    picks = ours.chosen(range(1, len(good) + 1)).picks
    assert sorted(map(tuple, picks.tolist())) == sorted(map(tuple, good.tolist()))
    ours.require(len(good))
    with pytest.raises(TooFewPapers):
        ours.chosen([len(good) + 1])


def test_running_out_says_how_many_there_are_and_why():
    every = 7 * 5 * 6 * 2
    first = sum(a > b for a in range(7) for b in range(5)) * 12
    with pytest.raises(TooFewPapers) as caught:
        chooser(SMALL).require(100)
    there = chooser(SMALL).existing
    assert str(caught.value) == (
        f"100 papers are asked for, and there are {there} different ones in all; of {every} draws "
        f'"sum" rejects {every - every // 3}, "first" rejects {every - first}'
    )


@pytest.mark.parametrize("code", ["pt_BR", "es"])
def test_running_out_is_said_in_every_language(code):
    with pytest.raises(TooFewPapers) as caught:
        chooser((30,) * 5, lambda p: {"never": p[:, 0] < 0}).require(1)
    told = caught.value.told(load_wording(code))
    assert "262.144" in told
    assert "rejects" not in told
    assert '"never"' in told


def test_no_paper_at_all_is_told():
    with pytest.raises(TooFewPapers) as caught:
        chooser(SMALL, lambda p: {"never": p[:, 0] < 0}).chosen([1])
    assert str(caught.value) == 'the conditions leave no paper; of 420 draws "never" rejects 420'


def test_what_is_next_to_impossible_is_told_and_not_looked_for_forever():
    with pytest.raises(TooFewPapers) as caught:
        chooser(AMPLE, lambda p: {"impossible": p[:, 0] < 0, "hard": p[:, 1] < 10}).chosen([1])
    assert str(caught.value).startswith("the conditions leave hardly any paper; of 262,144 draws ")
    assert '"impossible" rejects 262,144, "hard" rejects 13' in str(caught.value)


def test_what_is_rare_in_an_ample_space_is_found():
    ours = chooser(AMPLE, lambda p: {"rare": (p[:, :4] < 3).all(axis=1)})
    picks = ours.chosen(range(1, 51)).picks
    assert (picks[:, :4] < 3).all()
    assert len(np.unique(picks, axis=0)) == 50


def test_what_is_rare_in_a_scarce_space_is_found_to_the_last():
    ours = chooser((1024, 1024), lambda p: {"equal": (p[:, 0] == p[:, 1]) & (p[:, 0] % 50 == 0)})
    assert ours.existing == 21
    assert len(np.unique(ours.chosen(range(1, 22)).picks, axis=0)) == 21


@pytest.mark.parametrize("share", [0.9, 0.3, 0.02])
def test_a_scarce_space_has_numbers_for_half_of_its_papers(share):
    sizes = (100, 100, 100)
    hidden = np.random.default_rng(5).random(10**6) < share

    def judge(picks):
        return {"chance": hidden[picks @ np.array([10_000, 100, 1])]}

    ours = chooser(sizes, judge)
    there = int(hidden.sum())
    assert ours.existing == pytest.approx(there, rel=0.1)
    assert 0.4 * there < ours.capacity <= there
    last = ours.chosen([ours.capacity, ours.capacity // 2, 1])
    assert judge(last.picks)["chance"].all()
    with pytest.raises(TooFewPapers, match=r"about [\d,]+ different ones, of which [\d,]+ can be drawn"):
        ours.require(there + 1)


def test_guesses_are_said_as_guesses():
    assert chooser(AMPLE, lambda p: {}).existing == 22_000_000_000_000
    assert not chooser(AMPLE).is_exact


def test_a_block_never_lacks_papers():
    """Each of many blocks of a scarce space is looked through to its last paper."""
    ours = chooser(SCARCE)
    papers = ours.layout.papers
    lasts = np.arange(1, min(ours.layout.blocks, 3000) + 1) * papers
    assert len(np.unique(ours.chosen(lasts).picks, axis=0)) == len(lasts)


# --- tallies ---------------------------------------------------------------------------------------------------


def test_tallies_are_added_name_by_name():
    zero = np.zeros(2, np.intp)
    one = Tally.of(zero, 1, {"a": np.array([True, False])})
    two = Tally.of(zero, 1, {"b": np.array([False, False])})
    both = one + two
    assert both.drawn.tolist() == [4]
    assert {name: counts.tolist() for name, counts in both.broken.items()} == {"a": [1], "b": [2]}


def test_no_reason_is_told_where_nothing_is_rejected():
    assert Tally.nothing(1).reasons() == "no condition rejects any of 0 draws"


# --- room for students -----------------------------------------------------------------------------------------


def test_students_have_all_the_room_of_an_ample_space():
    ours = chooser(AMPLE)
    assert ours.room(30) == ours.capacity


def test_students_of_a_small_space_have_all_its_papers():
    ours = chooser(SMALL)
    assert ours.room(1) == ours.capacity


def test_students_of_a_scarce_space_share_the_first_papers():
    ours = chooser((80, 80, 80))
    assert ours.room(1) == ours.room(3000) == choosing.ROOM
    assert ours.room(5000) == 2 * choosing.ROOM
    assert ours.room(50_000) == ours.capacity < 4 * 50_000
