"""The one list of names of persons."""

from __future__ import annotations

from itertools import combinations

from pipeline.domain.person_names import common_families, common_given_names, families, is_given_syllable, is_outdone
from pipeline.recognition.names import is_family_name
from pipeline.understanding.values.names import is_known_surname

GROUPS = ("clear", "words", "middle", "seldom", "rare", "given_too")


def test_every_family_name_stands_in_one_group() -> None:
    for one, other in combinations(GROUPS, 2):
        assert not {*families(one)} & {*families(other)}


def test_common_families_come_first_and_are_in_the_groups() -> None:
    listed = families(*GROUPS)
    assert listed[:40] == common_families()
    assert common_families(3) == ("Nguyễn", "Trần", "Lê")


def test_stages_pick_their_groups_of_one_list() -> None:
    assert all(is_family_name(name) and is_known_surname(name) for name in families("clear", "words", "seldom"))
    assert is_family_name("Hùng")
    assert not is_known_surname("Hùng")


def test_given_names_are_told_as_they_are_spelt() -> None:
    assert is_given_syllable("KHẮC")
    assert not is_given_syllable("Khác")
    assert {"Khắc", "Đạt"} <= {*common_given_names()}


def test_a_name_is_outdone_by_a_far_commoner_one_of_its_letters() -> None:
    assert is_outdone("Lường", family=True)
    assert is_outdone("Hiểu")
    assert not any(is_outdone(name, family=True) for name in ("Lương", "Lê", "Đèo"))
    assert not any(is_outdone(name) for name in ("Hiếu", "Hiệu", "Thúy", "Thuý", "Ruộng"))
