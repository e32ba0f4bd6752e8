"""The calls of the modeler's API, one module a subject: `routes(modeler)` lists them."""
