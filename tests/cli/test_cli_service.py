"""`collector service`: the unit as it would be installed, and how a running service is."""

from office import Office

from collector.ops.pulse import NAME


def test_the_unit_is_shown_with_the_offices_own_places(bare: Office) -> None:
    """Whoever installs it wants to read it first; nothing is written anywhere."""
    said = bare.run("service", "install", "--print", "--run-as", "collector").out

    assert f'"COLLECTOR_HOME={bare.home}"' in said
    assert f"LoadCredential=collector-key:{bare.environment['COLLECTOR_KEY_FILE']}" in said
    assert "-m" in said
    assert "serve" in said


def test_a_home_without_a_service_says_so_and_how_to_start_one(bare: Office) -> None:
    """The first thing to look at when figures stop coming."""
    said = bare.run("service", "status", status=1)
    assert "Layanan tidak berjalan" in said.out
    assert bare.run("service", "status", "--json", status=1).json == {
        "running": False, "process": None, "ok": False, "last_sign": None, "next_due": None,
    }  # fmt: skip


def test_a_running_service_is_well_and_one_that_is_silent_is_not(bare: Office) -> None:
    """It is known by its lock and its signs of life, whoever started it; the container's health check asks this."""
    bare.environment["COLLECTOR_HEALTH_PORT"] = "0"
    bare.run("init", "--name", "KPU Kota Contoh", "--seat", "Contoh", "--zone", "WIB")
    running = bare.start("serve")
    try:
        while not bare.rows("SELECT at FROM beats"):  # its first sign of life
            running.process.join(0.05)
            assert running.process.is_alive(), running.said.with_suffix(".err").read_text()

        said = bare.run("service", "status", "--json").json
        assert (said["running"], said["ok"], said["process"]) == (True, True, str(running.process.pid))

        with bare.open() as application:
            silent_since = bare.clock.now()
            application.outages.beat(NAME, silent_since)
        bare.clock.sleep(600)
        assert "tidak memberi tanda sejak" in bare.run("service", "status", status=1).out
    finally:
        running.kill()
