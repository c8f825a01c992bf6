// Uses up the process's mappings, and gives some back.
#ifndef SOAK_HOG_H
#define SOAK_HOG_H

// From now on the kernel has `spare` mappings left for others, more or less.
void leave_mappings(int spare);

// Gives all back.
void give_mappings_back(void);

#endif
