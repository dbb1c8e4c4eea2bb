"""A mail server on this machine that keeps what it is given, and refuses what it is told to."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Sink:
    """What arrived; ``answers`` replaces the answer to a command (``"RCPT": "550 unknown"``)."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)


class _Talk(socketserver.StreamRequestHandler):
    sink: Sink

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        self.say(self.sink.answers.get("HELLO", "220 sink"))
        while line := self.rfile.readline().decode().strip():
            command = line[:4].upper()
            answer = self.sink.answers.get(command, "250 yes")
            if command == "QUIT":
                self.say("221 bye")
                return
            if command == "RCPT" and answer.startswith("250"):
                self.sink.receivers.append(line.partition("<")[2].rstrip(">"))
            if command == "DATA" and answer.startswith("250"):
                self.say("354 go on")
                self.sink.mails.append(self.read_mail())
            self.say(answer)

    def read_mail(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return message_from_bytes(b"".join(lines), policy=policy.default)  # type: ignore[return-value]


@contextmanager
def mail_server() -> Iterator[Sink]:
    """A running server until the block ends."""
    sink = Sink()
    talk = type("Talk", (_Talk,), {"sink": sink})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), talk) as server:
        sink.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield sink
        server.shutdown()
        thread.join()
