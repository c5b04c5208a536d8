"""The machinery that turns Markdown into the handbook; `import mathref` never loads it."""
