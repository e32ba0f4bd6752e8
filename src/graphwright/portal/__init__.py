"""The portal: the running application in a browser. Sign-in, the API of steps and rows, the runs list.

Knows HTTP and the runtime; what a page or node does stands below it.
"""
