"""What portal and modeler share on the web: sessions, CSRF, headers, hosts, errors, static files.

Knows HTTP and cookies; not what an application, a flow or a page is.
"""
