"""What is learnt of fields, and the thresholds that come of it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np

from pipeline.understanding.trust.traits import KINDS, TRAITS
from scripts.field_thresholds import FLOOR, NEVER, Judgement, find_thresholds, heed_strangers, summarise, write_thresholds
from scripts.train_fields import fit, write_weights


def judged(kind: str, key: str, *runs: tuple[int, float, bool], code: str = "quyet_dinh") -> list[Judgement]:
    return [
        Judgement(f"{key}{place}", code, key, kind, chance, right) for count, chance, right in runs for place in range(count)
    ]


def test_weights_follow_what_is_right_and_none_but_the_base_falls_below_nothing() -> None:
    chance = np.random.default_rng(5)
    evidence = chance.integers(0, 2, (600, len(TRAITS))).astype(float)
    evidence[:, -1] = 1.0
    told, liar = TRAITS.index("clean"), TRAITS.index("known")
    right = (
        (evidence[:, told] > 0) & (chance.random(600) < 0.95) | (evidence[:, liar] < 1) & (chance.random(600) < 0.3)
    ).astype(float)
    weights = fit(evidence, right)
    assert weights[told] > 1
    assert weights[liar] == 0
    assert (weights[:-1] >= 0).all()


def test_a_threshold_stands_above_the_errors_that_buy_little() -> None:
    ours = judged("digits", "so_ky_hieu", (600, 0.99, True), (1, 0.97, False), (20, 0.96, True))
    found = find_thresholds(ours)
    assert found.kinds["digits"] == 0.98
    assert found.kinds["name"] == NEVER
    assert "| digits | 621 | 0.9800 | 600 | 0 |" in summarise(ours, found, 900)


def test_where_none_is_wrong_the_floor_is_enough() -> None:
    assert find_thresholds(judged("phrase", "gioi_tinh", (500, 0.93, True))).kinds["phrase"] == FLOOR


def test_one_error_is_let_in_where_it_buys_many_fields() -> None:
    ours = judged("office", "co_quan_ban_hanh", (900, 0.99, True), (1, 0.97, False), (600, 0.96, True))
    assert find_thresholds(ours).kinds["office"] <= 0.96


def test_a_key_that_nothing_learnt_tells_about_is_never_accepted_and_spoils_no_other() -> None:
    good = judged("digits", "so_ky_hieu", (800, 0.95, True))
    found = find_thresholds([*good, *judged("digits", "so_tang", (10, 0.99, True), (10, 0.995, False))])
    assert found.keys == {"so_tang": NEVER}
    assert found.kinds["digits"] == FLOOR


def test_a_type_whose_fields_are_wrong_more_often_needs_more() -> None:
    others = judged("name", "nguoi_ky", (6000, 0.99, True), code="thong_bao")
    odd = judged("name", "nguoi_ky", (20, 0.995, True), (4, 0.99, False), (20, 0.985, True), code="hop_dong")
    found = find_thresholds([*others, *odd])
    assert found.types["hop_dong"]["name"] > 0.99
    assert "thong_bao" not in found.types


def test_strangers_raise_what_their_own_kind_needs_and_no_other() -> None:
    found = find_thresholds([*judged("list", "noi_nhan", (500, 0.95, True)), *judged("name", "nguoi_ky", (500, 0.95, True))])
    strangers = judged("list", "noi_nhan", (400, 0.99, True), (9, 0.97, False), (100, 0.96, True))
    heeded = heed_strangers(found, strangers)
    assert heeded.kinds["list"] == 0.98
    assert heeded.kinds["name"] == found.kinds["name"] == FLOOR


def test_what_is_learnt_is_written_as_the_product_reads_it(tmp_path: Path) -> None:
    write_weights(tmp_path / "trust.toml", {kind: np.ones(len(TRAITS)) for kind in KINDS})
    tables = tomllib.loads((tmp_path / "trust.toml").read_text("utf-8"))
    assert set(tables) == set(KINDS)
    assert set(tables["name"]) == set(TRAITS)
    write_thresholds(tmp_path / "thresholds.toml", find_thresholds(judged("name", "nguoi_ky", (500, 0.99, True))))
    data = tomllib.loads((tmp_path / "thresholds.toml").read_text("utf-8"))
    assert data["keys"]["so"] == "register"
    assert data["kind_needs"]["list"] == NEVER
    assert data["optional"]["quyet_dinh"] == ["co_quan_chu_quan", "noi_nhan"]
