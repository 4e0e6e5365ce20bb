"""The addresses beside the pages: health, exports, pictures, the open alerts; and the headers of every answer.

May know: the folders of `ui` whose addresses it answers. Begin with: `routes.py`.
"""
