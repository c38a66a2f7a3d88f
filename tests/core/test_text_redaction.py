"""Secrets leave neutral text before it is stored; what is no secret stays readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import expecting
from warroom.model.text import Safe, neutral
from warroom.model.text_redaction import redact, redact_lines

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln"
# Put together here, so that no scanner of this repository takes them for leaked ones.
GITHUB = "ghp_" + "a1B2" * 9
SLACK = "xoxb-" + "1234567890-abcdefghij"
STRIPE = "sk_live_" + "a1B2" * 6
GITLAB = "glpat-" + "a1B2" * 5
BASE64_KEY = "LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQo="

SECRETS = {
    "Authorization: Bearer abc.def": ("abc.def", "bearer"),
    "proxy-authorization: Basic dXNlcjpwYXNz": ("dXNlcjpwYXNz", "basic"),
    """Authorization: Digest username="x", response="6629fa" """: ("6629fa", "digest"),
    """curl -H 'Authorization: token 0123abcd' https://git.example/""": ("0123abcd", "token"),
    """{"headers":{"authorization":"Bearer abc-1"},"n":3}""": ("abc-1", "bearer"),
    "authorization=s3cr3tvalue": ("s3cr3tvalue", "authorization"),
    "sent Bearer 0123456789abcdef01 upstream": ("0123456789abcdef01", "bearer"),
    "X-SLURM-USER-TOKEN: abcdef0": ("abcdef0", "header"),
    "Set-Cookie: sid=31d4d96e407aad42; Path=/": ("31d4d96e407aad42", "header"),
    f"got {JWT} from the issuer": (JWT, "jwt"),
    "connect postgres://app:hunter2@db/x": ("hunter2", "url-password"),
    "redis://:p@ss/w0rd@cache:6379/0": ("p@ss/w0rd", "url-password"),
    f"remote: {GITHUB}": (GITHUB, "github-token"),
    f"slack {SLACK}": (SLACK, "slack-token"),
    f"charge with {STRIPE} failed": (STRIPE, "stripe-key"),
    f"https://oauth2:x@git.example {GITLAB}": (GITLAB, "gitlab-token"),
    "key AKIAIOSFODNN7EXAMPLE used": ("AKIAIOSFODNN7EXAMPLE", "aws-key-id"),
    f"client-key-data: {BASE64_KEY}": (BASE64_KEY, "private-key"),
    "password=hunter2": ("hunter2", "password"),
    "PGPASSWORD=swordfish psql": ("swordfish", "password"),
    """db_password = "correct horse" next""": ("correct horse", "password"),
    r"""{\"password\":\"hunter2\",\"n\":3}""": ("hunter2", "password"),
    "GET /x?token=abc123&y=2 200": ("abc123", "token"),
    "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCY": ("wJalrXUtnFEMI/K7MDENG/bPxRfiCY", "key"),
    "clientSecret: 8f14e45fceea167a": ("8f14e45fceea167a", "secret"),
    "run mysql --password hunter2 -h x": ("hunter2", "password"),
    "-----BEGIN RSA PRIVATE KEY-----␊MIIEow␊-----END RSA PRIVATE KEY----- ok": ("MIIEow", "private-key"),
}

ORDINARY = (
    "trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span=00f067aa0ba902b7",
    "pulled sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "job 123e4567-e89b-12d3-a456-426614174000 done",
    "max_tokens=4096 tokens=5 token_count: 3",
    "invalid token in position 4: unexpected",
    "Failed password for root from 10.0.0.1 port 22",
    "sshd: Accepted publickey for bob: RSA SHA256:abcd",
    'secret "db-creds" not found in namespace default',
    "secretName: db-creds",
    "secret: default/db-creds",
    "token: expired, password: required",
    "Authorization: required for /admin",
    "http://host:8080/path@v2",
    "PWD=/home/you OLDPWD=/root",
    "password=${DB_PASSWORD}",
    "monkey=banana key=value public_key=none",
    "-----BEGIN CERTIFICATE-----",
    "mail to ops@example.org: disk full",
)


@pytest.mark.parametrize(("raw", "expected"), expecting("expect_redacted"))
def test_a_secret_of_the_corpus_is_named_and_gone(raw: str, expected: str) -> None:
    assert redact(neutral(raw)) == expected
    assert redact(neutral(raw, "log")) == expected


@pytest.mark.parametrize("line", SECRETS, ids=range(len(SECRETS)))
def test_a_secret_is_gone_and_its_kind_is_said(line: str) -> None:
    value, kind = SECRETS[line]
    assert value in line
    redacted = redact(neutral(line, "log"))
    assert value not in redacted
    assert f"[redacted:{kind}]" in redacted


@pytest.mark.parametrize("line", SECRETS, ids=range(len(SECRETS)))
def test_what_surrounds_a_secret_stays(line: str) -> None:
    first, last = "node gpu-1 said ", " at 12:00"
    redacted = redact(neutral(first + line, "log"))
    assert redacted.startswith(first)
    if SECRETS[line][1] not in ("digest", "header"):
        assert redact(neutral(line + last, "log")).endswith(last)


@pytest.mark.parametrize("line", ORDINARY)
def test_what_is_no_secret_stays_readable(line: str) -> None:
    assert redact(line) == line


@pytest.mark.parametrize("line", [*SECRETS, *ORDINARY])
def test_redacting_twice_is_redacting_once(line: str) -> None:
    once = redact(line)
    assert redact(once) == once


WORDS = st.sampled_from(
    (
        *(
            "authorization",
            "Bearer",
            "token",
            "password",
            "secret",
            "key",
            "--",
            "://",
            "u:p",
            "@",
            ":",
            "=",
            " ",
        ),
        *(
            "eyJabcdefgh",
            ".",
            "AKIA" + "A" * 16,
            "…",
            "[redacted:x]",
            "a1b2c3d4e5",
            "\n",
            "cookie",
            "basic ",
            "=>",
        ),
        *(
            "-----BEGIN PRIVATE KEY-----",
            "-----END PRIVATE KEY-----",
            "Ab0/" * 12,
            "x",
            "-",
            "digest ",
            "'",
            '"',
        ),
        *(
            "\\",
            "sk-",
            "negotiate ",
            "x-api-key",
            "AWS4-HMAC-SHA256 ",
            ",",
            ";",
            "$",
            "signature",
            "LS0tLS1CRUdJTi",
        ),
    )
)


@given(st.lists(WORDS, max_size=12).map("".join))
def test_any_redacted_text_stays_as_it_is(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@given(st.lists(WORDS, max_size=12).map("".join))
def test_no_line_of_a_redacted_record_stands_in_the_first_column(text: str) -> None:
    _, *others = redact(neutral(text, "log")).split("\n")
    assert len(others) == text.count("\n")
    assert all(line.startswith("┆ ") for line in others)


@given(st.text())
def test_redacting_never_fails_and_adds_no_line(text: str) -> None:
    assert redact(text).count("\n") == text.count("\n")


def test_a_secret_cut_for_its_width_is_still_taken_for_one() -> None:
    cut = neutral("x" * 228 + " " + GITHUB)
    assert cut.startswith("x" * 228 + " ghp_")
    assert "ghp_" not in redact(cut)


def private_key(before: str) -> list[str]:
    body = ["Ab0/" * 16, "Cd1+" * 16, "Ef2=="]
    return [
        f"{before}{line}"
        for line in ("-----BEGIN OPENSSH PRIVATE KEY-----", *body, "-----END OPENSSH PRIVATE KEY-----")
    ]


@pytest.mark.parametrize("before", ["", "Nov 24 12:00:01 gpu-1 app[3]: "])
def test_a_private_key_over_many_lines_is_gone_and_its_neighbours_stay(before: str) -> None:
    lines = [Safe(line) for line in (f"{before}loading", *private_key(before), f"{before}loaded")]
    redacted = redact_lines(lines)
    assert redacted == [lines[0], *[f"{before}[redacted:private-key]"] * 5, lines[-1]]
    assert redact("\n".join(lines)) == "\n".join(redacted)


def test_a_private_key_inside_one_record_is_gone() -> None:
    record = redact(neutral("loading\n" + "\n".join(private_key("")) + "\nloaded", "log"))
    assert record == "loading\n" + "┆ [redacted:private-key]\n" * 5 + "┆ loaded"


def test_the_beginning_of_a_key_cannot_hide_the_lines_that_follow_it() -> None:
    lines = [Safe("-----BEGIN PRIVATE KEY-----"), Safe("drain of gpu-1 started"), Safe("by mallory")]
    assert redact_lines(lines) == ["[redacted:private-key]", *lines[1:]]


def test_lines_are_redacted_as_each_would_be_alone() -> None:
    lines = [neutral(line, "log") for line in (*SECRETS, *ORDINARY)]
    assert redact_lines(lines) == [redact(line) for line in lines]
    clean = [Safe("all is well")] * 3
    assert redact_lines(clean) == clean
