"""Small servers on this machine that record what is sent to them, and behave as badly as real ones do."""

import json
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Provider(ThreadingHTTPServer):
    """A message provider: ``does`` says how it answers; ``got`` holds every request it took in."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.does = "accept"
        self.got: list[dict[str, Any]] = []
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def once(self) -> list[str]:
        """The keys under which messages came, in order."""
        return [each["body"]["id"] for each in self.got]


class _Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        read = json.loads(body) if body.startswith(b"{") else body.decode()
        self.server.got.append({"headers": dict(self.headers), "body": read, "path": self.path})
        match self.server.does:
            case "die":  # takes it in and is gone before it answers
                self.connection.shutdown(socket.SHUT_RDWR)
            case "slow":
                time.sleep(1)
                self._say(200, {"messages": [{"id": "m-1"}]})
            case "lead away":
                self._say(302, {}, Location=f"{self.server.url}/elsewhere")
            case "say no in a yes":
                self._say(200, {"ok": False})
            case "accept":
                self._say(200, {"ok": True, "messages": [{"id": f"m-{len(self.server.got)}"}]})
            case status:
                self._say(int(status), {})

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        known = any(each["body"].get("id", "-") in self.path for each in self.server.got)
        self._say(200 if known else 404, {"messages": [{"id": "m-asked"}]} if known else {})

    def _say(self, status: int, answer: object, **headers: str) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


class PostOffice(socketserver.ThreadingTCPServer):
    """An SMTP server that keeps what it took in ``got``; ``does`` makes it refuse, put off, or vanish after the text."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Postman)
        self.does = "accept"
        self.got: list[str] = []


class _Postman(socketserver.StreamRequestHandler):
    server: PostOffice

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline().decode():
            word, does = line[:4].upper(), self.server.does
            if word == "RCPT" and does in ("550", "451"):
                self._say(f"{does} no")
            elif word == "DATA":
                self._say("354 go on")
                self.server.got.append(self._text())
                if does == "vanish":
                    return
                self._say("250 taken")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 well")

    def _text(self) -> str:
        lines = []
        while (line := self.rfile.readline().decode()).rstrip("\r\n") != ".":
            lines.append(line)
        return "".join(lines)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def listening(server: socketserver.BaseServer) -> Iterator[None]:
    """While inside, the server answers in a thread of its own."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
