#ifndef WHARF_CPROCESS_H
#define WHARF_CPROCESS_H

#include <spawn.h>

// Calls of Linux and glibc that are hidden without _GNU_SOURCE.

/// A pipe whose ends no program inherits by accident.
int process_pipe(int ends[2]);

/// A file without a name, in memory; no program inherits it by accident.
int process_memory_file(const char *name);

/// The new program has no descriptor from this number on.
int process_close_from(posix_spawn_file_actions_t *actions, int first);

/// The flag of `posix_spawn` with which the new program begins a session of its own.
int process_flag_new_session(void);

#endif
