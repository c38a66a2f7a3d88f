"""A client's word that a text is safe is not believed."""

from warroom.host.entering import entering
from warroom.host.protocol import Hello
from warroom.model.commands import Act, AddNote, DeclareIncident
from warroom.model.nouns import Matcher, NodeName, Severity
from warroom.model.requests import Cordon, SilenceAlerts, Submit
from warroom.model.response import UpdateKind
from warroom.model.response_commands import SendUpdate
from warroom.model.text import Safe

EVIL = "\x1b[2Jx"
SHOWN = "␛[2Jx"


def test_notes_titles_and_programs_are_made_safe() -> None:
    assert entering(AddNote(Safe(EVIL))).text == SHOWN
    assert entering(Hello(1, program=EVIL)).program == SHOWN
    declared = entering(DeclareIncident(Safe(EVIL), Severity.SEV2, impact=Safe("\u202eno")))
    assert (declared.title, declared.impact) == (SHOWN, "<U+202E>no")
    assert declared.severity is Severity.SEV2


def test_names_reasons_labels_and_matchers_within_an_action_are_made_safe() -> None:
    cordon = entering(Act(Cordon((NodeName(EVIL), NodeName("n1")), reason=Safe(EVIL)))).request
    assert cordon == Cordon((NodeName(SHOWN), NodeName("n1")), reason=Safe(SHOWN))
    silence = entering(SilenceAlerts((Matcher(EVIL, "\x9b"),)))
    assert silence.matchers == (Matcher(SHOWN, "<U+009B>"),)
    submit = entering(Submit(EVIL, labels={EVIL: EVIL}))
    assert (submit.name, submit.labels) == (SHOWN, {SHOWN: SHOWN})


def test_an_update_keeps_its_lines_and_all_its_words() -> None:
    """Those who waited read one line, cut off after 256 characters."""
    text = f"SEV1 all down\nState: {'long ' * 100}\n{EVIL}"
    sent = entering(SendUpdate(UpdateKind.FIRST, Safe(text)))
    assert sent.text == text.replace(EVIL, SHOWN)


def test_a_script_keeps_its_lines_and_what_is_clean_stays() -> None:
    script = Submit("job", command="#!/bin/sh\n\ttrain\n")
    assert entering(script) == script
    assert entering(Submit(EVIL, command="a\nb")).command == "a\nb"
