"""A mail as a person would get it, with plainly made-up values that are in no database."""

from datetime import date, time

from participants.models import Enrolment
from scheduling import links, rendering, variables
from scheduling.consent_copy import Agreement, Statement
from scheduling.models import Kind, Prompt, Rhythm, Wording
from scheduling.models.rhythm import Weekday
from scheduling.rendering import WITH_AGREEMENT, Words
from studies.models import Study

_DAY, _HOUR = date(2030, 1, 3), time(19)
_EXAMPLE = "an-example"
_VALUES = {
    "title": "A title made up for this example",
    "weekday": "Thursday",
    "week": "2",
    "weeks": "4",
    "what_there_is": "There is something to watch and something to read. Any one is enough.",
    "time": "7 in the evening",
    "zone": "UK time",
    "dates": "\n".join(
        f"Thursday {day} January at 7 in the evening (an example)" for day in (3, 10, 17, 24)
    ),
    "agreed_on": "3 January 2030 (an example)",
    "open_until": "24 January 2031 (an example)",
    "what_happens": "Here stands what happens to what was collected, as the person chose.",
}
_AGREEMENT = Agreement(
    document="An example of an agreement",
    statements=[Statement(text="I agree to this example.", agreed=True)],
    when="3 January 2030, 19:00, UK time",
    signed="Example Person",
)


def of(wording: Wording) -> Words:
    """`wording` need not be saved, but must be clean."""
    prompt = _prompt(wording.study, wording.kind)
    words = rendering.written(
        prompt,
        wording,
        frozenset(),
        values=values(wording.study, wording.kind),
        agreement=_AGREEMENT if wording.kind in WITH_AGREEMENT else None,
    )
    return _leading_nowhere(words, prompt)


def values(study: Study, kind: str) -> dict[str, str]:
    """For each variable of that kind of mail."""
    known = {
        **_VALUES,
        "study": study.neutral_name,
        "public_name": study.public_name,
        "institution": study.institution,
    }
    return {name: known[name] for name in variables.ALLOWED[kind]}


def _leading_nowhere(words: Words, prompt: Prompt) -> Words:
    """What is in no database has no link: where a reader's own would stand, an example does, and in
    the drawn mail a press stays on the page.
    """
    shown = {
        links.go_url(prompt): links.go_address(_EXAMPLE),
        links.stop_url(prompt.enrolment): links.stop_address(_EXAMPLE),
        links.decline_url(prompt.enrolment): links.decline_address(_EXAMPLE),
    }
    html, text = words.html, words.text
    for address, example in shown.items():
        html = html.replace(f'href="{address}"', 'href="#"').replace(address, example)
        text = text.replace(address, example)
    return Words(subject=words.subject, html=html, text=text)


def _prompt(study: Study, kind: str) -> Prompt:
    enrolment = Enrolment(study=study, edition=study.edition, code="EXAMPLE")
    Rhythm(enrolment=enrolment, weekday=Weekday.THURSDAY, local_time=_HOUR, zone="Europe/London")
    return Prompt(
        enrolment=enrolment,
        kind=kind,
        occurrence=2 if kind in {Kind.SESSION, Kind.NUDGE} else 0,
        local_date=_DAY,
        local_time=_HOUR,
        zone="Europe/London",
    )
