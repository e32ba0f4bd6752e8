"""The shapes of the modeler's API, by subject: `make types` makes TypeScript of them."""
