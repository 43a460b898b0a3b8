"""The whole system on one computer, for a look at it and for the flow tests.

It only starts programs and speaks with them as anybody could: files, sockets, HTTP.
"""
