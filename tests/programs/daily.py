"""A day's work with imaplib: folders with names beyond ASCII, literals, APPENDUID and COPYUID: daily.py PORT CA USER < password"""
import imaplib
import re
import ssl
import sys

port, ca, user = sys.argv[1:4]
password = sys.stdin.read()
context = ssl.create_default_context(cafile=ca)


def connect():
    imap = imaplib.IMAP4_SSL("localhost", int(port), ssl_context=context)
    imap.login(user, password)
    return imap


def ok(answer):
    status, data = answer
    assert status == "OK", answer
    return data


def listed(imap, command="LIST"):
    return b"\n".join(line for line in ok(getattr(imap, command.lower())()) if line)


def code(imap, name):
    """The last response code of that name, as words."""
    _, values = imap.response(name)
    assert values and values[-1], name
    return values[-1].split()


with connect() as imap:
    # Modified UTF-7, as every program of the last thirty years.
    ok(imap.create('"Entw&APw-rfe 2026"'))
    ok(imap.rename('"Entw&APw-rfe 2026"', '"&ZeVnLIqe-"'))
    assert b'&ZeVnLIqe-' in listed(imap) and b"Entw" not in listed(imap)
    ok(imap.subscribe('"&ZeVnLIqe-"'))
    assert b'&ZeVnLIqe-' in listed(imap, "LSUB")
    ok(imap.unsubscribe('"&ZeVnLIqe-"'))
    assert b'&ZeVnLIqe-' not in listed(imap, "LSUB")
    assert imap.create('"&ZeVnLIqe-"')[0] == "NO"

    # UIDPLUS: what was appended and copied has its UID in the answer.
    for subject in ["first", "second", "third"]:
        message = f"Subject: {subject}\r\n\r\nText of {subject}.\r\n".encode()
        ok(imap.append("INBOX", r"(\Flagged)", '" 7-Feb-1994 22:43:04 -0800"', message))
    assert code(imap, "APPENDUID")[1] == b"3"
    ok(imap.select("INBOX"))
    ok(imap.uid("COPY", "1,3", '"&ZeVnLIqe-"'))
    assert code(imap, "COPYUID")[1:] == [b"1,3", b"1:2"]
    ok(imap.uid("STORE", "1:2", "+FLAGS", r"(\Deleted)"))
    ok(imap.uid("EXPUNGE", "2"))
    assert ok(imap.uid("SEARCH", "ALL")) == [b"1 3"]
    ok(imap.uid("MOVE", "3", "Archive"))
    assert ok(imap.uid("SEARCH", "ALL")) == [b"1"]
    _, (date,) = imap.uid("FETCH", "1", "(INTERNALDATE FLAGS)")
    assert imaplib.Internaldate2tuple(date) is not None, date
    assert re.search(rb"\\Flagged", date) and re.search(rb"\\Deleted", date), date

    # A message that asks for several lines of header, and a search whose word is a literal.
    body = "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nX-Long: a\r\n b\r\n\r\n東京\r\n".encode()
    ok(imap.append("INBOX", None, None, body))
    imap.literal = "GRÜßE".encode()
    assert ok(imap.uid("SEARCH", "CHARSET", "UTF-8", "SUBJECT")) == [b"4"]
    imap.literal = "京".encode()
    assert ok(imap.uid("SEARCH", "CHARSET", "UTF-8", "BODY")) == [b"4"]
    parts = ok(imap.uid("FETCH", "4", "(BODY.PEEK[HEADER.FIELDS (X-LONG)] BODY.PEEK[TEXT])"))
    assert parts[0][1] == b"X-Long: a\r\n b\r\n\r\n" and parts[1][1] == "東京\r\n".encode(), parts

with connect() as imap:
    # UTF-8 as it is, once it is enabled.
    ok(imap.enable("UTF8=ACCEPT"))
    assert "日本語" in listed(imap).decode()
    ok(imap.create('"Grüße"'))
    ok(imap.select("INBOX"))
    assert ok(imap.search(None, "SUBJECT", '"grüße"')) == [b"2"]
    ok(imap.copy("2", '"Grüße"'))
    assert b"(MESSAGES 1)" in ok(imap.status('"Grüße"', "(MESSAGES)"))[0]
    ok(imap.unselect())
    ok(imap.delete('"Grüße"'))
    assert imap.select('"Grüße"')[0] == "NO"
print("done")
