"""The page type files: folders and files, to open, download and upload."""
