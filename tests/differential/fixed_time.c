/* Loaded before Node.js: the time that its OpenSSL compares dates with is the number in the file that TRUENAME_CLOCK names. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

time_t time(time_t* out) {
    static volatile const int64_t* clock_file = NULL;
    if (clock_file == NULL) {
        const int file = open(getenv("TRUENAME_CLOCK"), O_RDONLY);
        if (file < 0) abort();
        void* mapped = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
        close(file);
        if (mapped == MAP_FAILED) abort();
        clock_file = mapped;
    }
    const time_t now = (time_t)*clock_file;
    if (out != NULL) *out = now;
    return now;
}
