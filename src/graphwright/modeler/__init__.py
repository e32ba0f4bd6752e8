"""The modeler: edits an application's folder in the browser, tries requests out, runs the draft.

Side by side with the portal; it never gives out a secret's value or a token.
"""
