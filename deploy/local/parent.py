"""make hands SIGTERM on to its recipe, but at Ctrl-C and SIGHUP trusts that the terminal told everybody.

Sent to make alone, as by `kill -INT`, such a signal would leave it waiting for us for ever, and us not knowing.
"""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

_NOT_HANDED_ON = (1 << signal.SIGINT - 1) | (1 << signal.SIGHUP - 1)


@dataclass(frozen=True)
class Make:
    """The make that runs us, with those of the two signals that it caught when we began."""

    process: int
    caught: int

    @classmethod
    def above_us(cls) -> "Make | None":
        """None when our parent is something else, or where there is no /proc to look into."""
        process = os.getppid()
        try:
            name = Path(f"/proc/{process}/comm").read_text().strip()
        except OSError:
            return None
        return cls(process=process, caught=_caught(process)) if name in {"make", "gmake"} else None

    def was_told_to_stop(self) -> bool:
        """make no longer catches a signal once it has come."""
        return _caught(self.process) != self.caught


def _caught(process: int) -> int:
    """The two signals as bits of the mask SigCgt; 0 when the process has ended. Source: proc_pid_status(5)."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    [mask] = [line.split()[1] for line in lines if line.startswith("SigCgt:")]
    return int(mask, 16) & _NOT_HANDED_ON
