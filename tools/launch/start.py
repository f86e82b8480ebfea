"""`./run`, second half, inside the environment: make the world ready and keep it running."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from tools.launch import lan, programs, running, world
from tools.launch.console import paint, run_command, say, started_at, step
from tools.launch.options import Options, parse
from tools.launch.places import Places
from tools.launch.processes import Program, Supervisor
from tools.launch.programs import Address
from tools.launch.services import Services
from tools.launch.statistics import Statistics
from tools.launch.watch import Watch


def main(arguments: Sequence[str]) -> int:
    """Start, watch, stop; returns the exit code."""
    options = parse(arguments)
    places = Places.of_the_project().make()
    with running.alone(places):
        running.tidy_up(places)
        services = Services.of(places)
        world.agree(options, places)
        if options.reset:
            with step("Erase what was there"):
                world.erase(places, services)
        supervisor = Supervisor(places.logs, lambda text: say(f"  {text}"))
        with supervisor.signals() as wake:
            try:
                return Launch(places, options, services, supervisor).go(wake)
            finally:
                with step("Stop everything"):
                    supervisor.stop()
                running.forget(places)
                places.forget_sockets()


@dataclass(frozen=True)
class Launch:
    """One start of everything."""

    places: Places
    options: Options
    services: Services
    supervisor: Supervisor

    def go(self, wake: int) -> int:
        """Start everything, then keep it running until a signal; with --check, only prove it."""
        address = self._address()
        environment = programs.settings(self.places, address, self.services.environment())
        with step("Start PostgreSQL and Valkey"):
            fresh = self.services.prepare()
            self._start(self.services.programs())
        world.make_ready(self.places, self.services, self.options, environment, fresh=fresh)
        statistics = Statistics(self.places, self.supervisor, environment)
        with step("Start the web server, the workers and the clock"):
            web = programs.web(self.places, address, environment)
            self._start([web, *programs.workers(environment), *statistics.workers()])
            self._start([programs.beat(self.places, environment)])
        running.note(self.places, address.url, self.supervisor.pids())
        watch = Watch(self.places, self.supervisor, address)
        if self.options.check:
            with step("Ask every part whether it works"):
                watch.wait_until_all_works()
            say(f"\n  Everything works: {address.url}\n")
            return 0
        self._welcome(address)
        statistics.fetch()
        try:
            self.supervisor.watch(wake, lambda: self._look(watch, statistics))
        finally:
            statistics.stop()
        return 0

    @staticmethod
    def _look(watch: Watch, statistics: Statistics) -> None:
        watch.look()
        statistics.look()

    def _start(self, some: Sequence[Program]) -> None:
        for program in some:
            self.supervisor.start(program)
        running.note(self.places, "", self.supervisor.pids())
        self.supervisor.wait_until_ready()

    def _address(self) -> Address:
        kept = self.places.read("choices")
        port = programs.choose_port(self.options.port, kept.get("port"))
        self.places.write("choices", {**kept, "port": port})
        if self.options.lan is None:
            return Address(port)
        return lan.address(self.places, self.options.lan, port)

    def _welcome(self, address: Address) -> None:
        say(f"\n  {paint('Tomoni is ready.', '1')}  {paint(_taken(), '2')}\n")
        say(f"      {paint(address.url, '1;36')}\n")
        if address.certificate:
            say(lan.qr_code(address.url))
            say("  Anyone on this network can open it. The browser will warn once, because the")
            say("  certificate is this machine's own.\n")
        say(f"  {world.first_words(self.places)}")
        say(f"  Logs lie in {self.places.logs}. Ctrl-C stops everything.\n")


def _taken() -> str:
    return f"{time.time() - started_at():.1f} s"


if __name__ == "__main__":
    run_command(main)
