"""What is known of a job while it is followed, and what of it is worth telling."""

import asyncio

from hal.contracts import JobState, JobStatus, PrintJob
from hal.faults import DeviceError

SILENCE_SECONDS = 10.0
REMIND_SECONDS = 5.0


class Watch:
    """uptime: the printer's, when it was last heard. last: the status that was told last."""

    def __init__(self, job: PrintJob) -> None:
        self.job = job
        self.uptime = job.uptime
        self.last: JobStatus | None = None
        self._clock = asyncio.get_running_loop().time
        self._heard = self._told = self._clock()

    def heard(self, uptime: int) -> None:
        """The printer answered."""
        self.uptime = uptime
        self._heard = self._clock()

    def out_of_reach(self, error: DeviceError, give_up: float | None) -> JobStatus:
        """A short silence is none; raises the error after give_up seconds."""
        silence = self._clock() - self._heard
        if give_up is not None and silence > give_up:
            raise error
        last = self.last or JobStatus(JobState.PENDING, 0)
        return JobStatus(JobState.WAITING, last.sheets, (error.fault,)) if silence > SILENCE_SECONDS else last

    def is_news(self, status: JobStatus) -> bool:
        """Whether to tell it: it changed, or an attendant is still needed and it is time to say so again."""
        now = self._clock()
        again = status.state is JobState.WAITING and now - self._told >= REMIND_SECONDS
        if status == self.last and not again:
            return False
        self.last, self._told = status, now
        return True
