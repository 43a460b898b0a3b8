"""A hotel's page: whatever is asked for, it is a sign-in (RFC 8910)."""

from http.server import BaseHTTPRequestHandler, HTTPServer


class Portal(BaseHTTPRequestHandler):
    """Knows no page."""

    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", "http://sign-in.hotel.example/")
        self.end_headers()


HTTPServer(("", 80), Portal).serve_forever()
