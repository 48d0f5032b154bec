#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <stdexcept>

#include "tests/differential/opinion.h"

// A question is one block: its size in four bytes, big-endian, then the time in eight, the name, the number of certificates that were sent
// and these, the number of anchors and these, the key of the server; whatever has no fixed size stands behind its size in four bytes. The
// answer is one line: `accept`, `refuse WHY`, or `none WHY` where the program could not ask.
namespace truename::differential {

namespace {

void put(std::uint64_t number, unsigned bytes, std::string& out) {
    for (unsigned i = bytes; i > 0; --i) out.push_back(static_cast<char>(number >> (8U * (i - 1))));
}

void put_text(std::string_view text, std::string& out) {
    put(text.size(), 4, out);
    out += text;
}

void put_list(const std::vector<ByteString>& list, std::string& out) {
    put(list.size(), 4, out);
    for (const ByteString& der : list) put_text({reinterpret_cast<const char*>(der.data()), der.size()}, out);
}

std::string block_of(const Question& question) {
    std::string body, out;
    put(static_cast<std::uint64_t>(question.trial.at.time_since_epoch().count()), 8, body);
    put_text(question.trial.name, body);
    put_list(question.trial.chain, body);
    put_list(question.trial.anchors, body);
    put_text(question.leaf_key, body);
    put_text(body, out);
    return out;
}

/// A program with a pipe to it and one from it; it ends when the first is closed.
class Worker : public Library {
  public:
    explicit Worker(const std::vector<std::string>& command) {
        int to[2], from[2];
        // Closed on exec, so that whoever is started later does not hold them open.
        if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, to[0], 0);
        posix_spawn_file_actions_adddup2(&actions, from[1], 1);
        std::vector<char*> words;
        for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
        words.push_back(nullptr);
        const int failed = posix_spawnp(&process_, words[0], &actions, nullptr, words.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
        close(to[0]);
        close(from[1]);
        to_ = fdopen(to[1], "w");
        from_ = fdopen(from[0], "r");
        if (failed != 0) throw std::runtime_error("cannot start " + command[0]);
    }
    ~Worker() override {
        std::fclose(to_);
        std::fclose(from_);
        waitpid(process_, nullptr, 0);
    }

    void ask(const Question& question) override {
        const std::string block = block_of(question);
        std::fwrite(block.data(), 1, block.size(), to_);
        std::fflush(to_);
    }

    Opinion answer() override {
        std::string line;
        for (int c = std::fgetc(from_); c != '\n'; c = std::fgetc(from_)) {
            if (c == EOF) throw std::runtime_error("a worker ended: its last words were " + line);
            line.push_back(static_cast<char>(c));
        }
        const std::size_t blank = std::min(line.find(' '), line.size());
        const std::string word = line.substr(0, blank);
        return {word != "none", word == "accept", line.substr(std::min(blank + 1, line.size()))};
    }

  private:
    pid_t process_ = 0;
    FILE* to_ = nullptr;
    FILE* from_ = nullptr;
};

}  // namespace

std::unique_ptr<Library> make_worker(const std::vector<std::string>& command) {
    return std::make_unique<Worker>(command);
}

}  // namespace truename::differential
