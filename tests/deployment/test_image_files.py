"""What the container files promise, read as text: building an image takes an engine that a test cannot ask for."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _instructions(name: str = "Dockerfile") -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile, continued lines joined and comments left out."""
    lines = [line for line in (ROOT / name).read_text("utf-8").splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line)]


def _final_stage() -> list[tuple[str, str]]:
    steps = _instructions()
    last = max(place for place, (word, _) in enumerate(steps) if word == "FROM")
    return steps[last:]


def _values(word: str) -> list[str]:
    return [rest for step, rest in _final_stage() if step == word]


def test_the_image_runs_as_a_numbered_user_that_is_not_root() -> None:
    """A fault of the program must not be a fault of the whole host; a number can be checked without /etc/passwd."""
    user, _, group = _values("USER")[-1].partition(":")

    assert int(user) >= 10_000
    assert int(group) >= 10_000


def test_the_home_is_a_private_volume_made_before_it_is_declared() -> None:
    """What is done to a volume's folder after VOLUME is thrown away, its owner and mode with it."""
    words = [word for word, _ in _final_stage()]
    (made,) = [rest for rest in _values("RUN") if "/data" in rest]

    assert _values("VOLUME") == ['["/data"]']
    assert "--mode=0700 /data" in made
    assert words.index("RUN") < words.index("VOLUME")
    assert any("COLLECTOR_HOME=/data" in rest for rest in _values("ENV"))


def test_the_key_is_looked_for_outside_the_volume() -> None:
    """A copied home must open nothing."""
    assert any("COLLECTOR_KEY_FILE=/run/secrets/collector_key" in rest for rest in _values("ENV"))


def test_the_health_check_asks_no_platform_and_ends_with_one() -> None:
    """Docker reserves status 2, and a check that goes out every few minutes would eat the office's quota."""
    (check,) = _values("HEALTHCHECK")

    assert check.endswith("|| exit 1")
    assert not re.search(r"doctor|accounts check|collect now", check)


def test_every_fetched_package_is_checked_against_its_hash() -> None:
    """Only one step may fetch; what comes after it installs from what was checked."""
    steps = [step for word, rest in _instructions() if word == "RUN" for step in rest.split("&&") if "/pip " in step]
    fetching = [step for step in steps if "--no-index" not in step]

    assert len(steps) > 1
    assert len(fetching) == 1
    assert "--require-hashes" in fetching[0]


def test_the_image_has_the_client_of_postgresql() -> None:
    """Its profile in compose.yaml would be a dead end without it."""
    lock = (ROOT / "requirements" / "postgres.txt").read_text("utf-8")

    assert re.search(r"^psycopg==\S+ \\\n    --hash=", lock, re.MULTILINE)
    assert re.search(r"^psycopg-binary==.* \\\n    --hash=", lock, re.MULTILINE)
    assert "-r requirements/postgres.txt" in (ROOT / "Dockerfile").read_text("utf-8")


def test_the_context_lets_in_only_what_is_copied() -> None:
    """An office's .env and key lie beside the Dockerfile; a list of what to leave out would miss the next one."""
    entries = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if not line.startswith("#")]
    let_in = {entry.removeprefix("!") for entry in entries if entry.startswith("!")}
    copied = {
        source
        for word, rest in _instructions()
        if word == "COPY" and not rest.startswith("--from=")
        for source in rest.split()[:-1]
    }

    assert entries[0] == "*"
    assert let_in == copied
    assert all((ROOT / source).exists() for source in copied)


def test_compose_holds_no_secret_and_keeps_the_container_locked_in() -> None:
    """It is shared as it is: passwords and keys come from files, and no port is opened to the office's network."""
    text = (ROOT / "compose.yaml").read_text("utf-8")
    collector, database = re.split(r"\n  database:\n", text.partition("\nvolumes:\n")[0])

    for line in ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "- home:/data", "- collector_key"):
        assert line in collector, line
    assert "POSTGRES_PASSWORD_FILE: /run/secrets/database_password" in database
    assert "profiles: [postgres]" in database
    assert "ports:" not in text
    assert "POSTGRES_PASSWORD:" not in text
    assert {Path(file).parent for file in re.findall(r"file: (\./\S+)", text)} == {Path("secrets")}
