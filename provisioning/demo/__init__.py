"""The whole system on one computer, for demonstration and for the flow tests.

It only starts programs and uses their public interfaces: files, sockets, HTTP.
"""
