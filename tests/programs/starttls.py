"""Signs in after STARTTLS with imaplib and prints how many messages INBOX has: starttls.py PORT CA USER < password"""
import imaplib
import ssl
import sys

port, ca, user = sys.argv[1:4]
with imaplib.IMAP4("localhost", int(port)) as imap:
    imap.starttls(ssl.create_default_context(cafile=ca))
    imap.login(user, sys.stdin.read())
    _, (count,) = imap.select("INBOX", readonly=True)
    print(count.decode())
