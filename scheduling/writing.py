"""Writing letters during one run, which keeps what it read and cannot change."""

from datetime import datetime

from scheduling import mail
from scheduling.decisions import Decision
from scheduling.mail import Letter
from scheduling.models import Prompt, Wording
from scheduling.services.words import install_wordings
from scheduling.values import Editions


class Writer:
    def __init__(self) -> None:
        self._editions = Editions()
        self._wordings: dict[int, Wording] = {}

    def letter(self, prompt: Prompt, decision: Decision, now: datetime) -> Letter:
        """`prompt` as read with its `newest_wording`."""
        return mail.letter_for(
            prompt,
            self._wording_for(prompt, now),
            notes=decision.notes,
            editions=self._editions,
            now=now,
        )

    def _wording_for(self, prompt: Prompt, now: datetime) -> Wording:
        """The newest. A wording is never changed, so each is read once."""
        study, newest = prompt.enrolment.study, vars(prompt)["newest_wording"]
        if newest is None:
            install_wordings(study=study, now=now)
            return Wording.objects.in_use(study.pk, prompt.kind)
        if newest not in self._wordings:
            self._wordings[newest] = Wording.objects.get(pk=newest)
        return self._wordings[newest]
