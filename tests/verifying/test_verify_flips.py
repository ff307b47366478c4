"""One flipped byte in each stored answer and file: every one of them is found."""

import zlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from shutil import copytree

import pytest
from office import START, Office, own_settings, shorten_memories
from tampering import Broken

from collector.clock import SetClock
from collector.demo.standin import StandIn
from collector.demo.world import World
from collector.settings import HOME
from collector.store.proofs import Answer
from collector.verifying.answers import open_answer

SEED = 20270105


def _flip_all(broken: Broken, bodies: Iterable[str], random: Random) -> int:
    """Flip a byte in each of these bodies, and in every proof, report and file of one. Returns how many there were."""
    count = 0
    for digest in bodies:
        broken.flip(random, "bodies", "packed", "sha256", digest)
        count += 1
    for path in sorted((broken.office.home / "attachments").iterdir()):
        broken.flip_file(random, path)
        count += 1
    for (number,) in broken.office.rows("SELECT id FROM reports"):
        broken.flip(random, "reports", "model", "id", number)
        count += 1
    for number, form in broken.office.rows("SELECT report_id, form FROM report_files"):
        broken.flip(random, "report_files", "body", "report_id || form", f"{number}{form}")
        count += 1
    return count


def _assert_all_found(broken: Broken, flipped: set[str], count: int) -> None:
    """Each damage is told once, and each names an answer whose body was flipped."""
    damages = broken.verify()
    answers = [one["what"] for one in damages if one["id"] == "answer.damaged"]
    named = {int(what.split("#")[1].split(":")[0]) for what in answers}
    bodies = {body for (body,) in broken.office.rows(
        f"SELECT body FROM exchanges WHERE id IN ({', '.join(map(str, named))})"
    )}  # fmt: skip
    assert bodies == flipped
    assert len(damages) == count


@pytest.mark.parametrize("seed", [1, 2])
def test_a_flipped_byte_in_any_answer_or_file_is_found(broken: Broken, seed: int) -> None:
    """Disks forget single bits, and it is the evidence of years."""
    random = Random(seed)
    bodies = [body for (body,) in broken.office.rows("SELECT sha256 FROM bodies ORDER BY 1")]
    chosen = set(random.sample(bodies, 20))

    count = _flip_all(broken, sorted(chosen), random)

    assert count == 23
    _assert_all_found(broken, chosen, count)


def test_every_byte_of_an_answer_counts() -> None:
    """Also those that unpacking never looks at: the packer's level, the bits that fill up its last byte."""
    body = b'{"data": [{"name": "followers", "value": 1619}]}'
    packed = zlib.compress(body, 6)
    kept = Answer(
        1, 1, 1, 1, "square", '{"api": "a", "method": "GET", "path": "/"}', 200, "{}", 0, sha256(body).hexdigest(),
        True, len(body), packed, zlib.crc32(packed), None,
    )  # fmt: skip

    assert open_answer(kept, START).fault is None
    for place in range(len(packed)):
        for change in range(1, 256):
            damaged = bytearray(packed)
            damaged[place] ^= change
            assert open_answer(replace(kept, packed=bytes(damaged)), START).fault is not None, (place, change)


@pytest.mark.prove
def test_a_thousand_flipped_bytes_are_a_thousand_damages(tmp_path: Path) -> None:
    """Six platforms on fourteen mornings, some of the answers reduced, fifty proofs and a report in four formats."""
    clock = SetClock(START)
    with StandIn(World(clock.now)) as standin:
        shorten_memories(standin)
        office = Office({**standin.environment(), **own_settings(tmp_path)}, clock)
        for day in range(14):
            clock.move_to(START + timedelta(days=day))
            office.collect()
        for number in range(50):
            proof = tmp_path / f"layar-{number}.png"
            proof.write_bytes(f"tangkapan layar {number}".encode() * 40)
            office.run(
                "record", "--platform", "instagram", "--account", "@lama", "--metric", "followers",
                "--value", 1000 + number, "--at", f"2026-0{1 + number // 28}-{1 + number % 28:02}", "--attach", proof,
            )  # fmt: skip
        office.run("report", "2026-S2", "--out", tmp_path / "out")
        clock.move_to(START + timedelta(days=15))
        office.run("prune", "--older-than", "5")
    home = tmp_path / "copy"
    copytree(office.home, home)
    broken, random = Broken(replace(office, environment={**office.environment, HOME: str(home)})), Random(SEED)
    assert office.run("verify", "--json").json["intact"]
    bodies = [body for (body,) in office.rows("SELECT sha256 FROM bodies ORDER BY 1")]
    reduced = office.rows("SELECT count(*) FROM bodies WHERE reduced_at IS NOT NULL")[0][0]

    chosen = set(random.sample(bodies, 950))
    count = _flip_all(broken, sorted(chosen), random)

    assert count > 1000 and reduced >= 100
    _assert_all_found(broken, chosen, count)
