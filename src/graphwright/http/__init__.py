"""HTTP requests: a definition becomes a call, a call is sent, a response may be a collection.

Knows profiles by the shape in `ports`; nothing of flows, lists or pages. Import the modules
themselves: `definition`, `build`, `client`, `collection`, `call`, `errors`.
"""
