"""Fetches every message of INBOX with imaplib over TLS: fetch-all.py PORT CA USER FOLDER < password"""
import imaplib
import pathlib
import re
import ssl
import sys

port, ca, user, folder = sys.argv[1:5]
context = ssl.create_default_context(cafile=ca)
with imaplib.IMAP4_SSL("localhost", int(port), ssl_context=context) as imap:
    imap.login(user, sys.stdin.read())
    imap.select("INBOX", readonly=True)
    _, (found,) = imap.uid("SEARCH", "ALL")
    for uid in found.split():
        _, parts = imap.uid("FETCH", uid.decode(), "(UID RFC822.SIZE BODY.PEEK[])")
        head, body = parts[0]
        size = int(re.search(rb"RFC822\.SIZE (\d+)", head + parts[1]).group(1))
        assert size == len(body), f"UID {uid}: RFC822.SIZE {size}, but {len(body)} octets"
        (pathlib.Path(folder) / uid.decode()).write_bytes(body)
