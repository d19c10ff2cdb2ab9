// The components kernel in C++: Rem's algorithm with splicing, links to labels, as UnionFind.java has it.
//
//   components LINKS LABELS
//
// Reads LINKS (32-bit little-endian integers: nodes, links, first ends, second ends), answers each line of standard
// input by one run and its nanoseconds, and at the end writes the labels to LABELS. The array of parents is made once
// and filled anew by each run, so that no run pays for fresh pages.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

static void unite(int32_t* parent, int32_t u, int32_t v) {
    int32_t pu = parent[u];
    int32_t pv = parent[v];
    while (pu != pv) {
        if (pu > pv) {
            parent[u] = pv;
            if (u == pu) {
                return;
            }
            u = pu;
            pu = parent[u];
        } else {
            parent[v] = pu;
            if (v == pv) {
                return;
            }
            v = pv;
            pv = parent[v];
        }
    }
}

static void components(const std::vector<int32_t>& a, const std::vector<int32_t>& b, std::vector<int32_t>& labels) {
    int32_t* parent = labels.data();
    const size_t nodes = labels.size();
    for (size_t x = 0; x < nodes; x++) {
        parent[x] = (int32_t) x;
    }
    for (size_t i = 0; i < a.size(); i++) {
        unite(parent, a[i], b[i]);
    }
    for (size_t x = 0; x < nodes; x++) {
        parent[x] = parent[parent[x]];
    }
}

static bool read(std::FILE* in, std::vector<int32_t>& out) {
    return std::fread(out.data(), sizeof(int32_t), out.size(), in) == out.size();
}

int main(int count, char** arguments) {
    std::FILE* in = count == 3 ? std::fopen(arguments[1], "rb") : nullptr;
    std::vector<int32_t> sizes(2);
    if (in == nullptr || !read(in, sizes)) {
        std::fprintf(stderr, "usage: components LINKS LABELS\n");
        return 2;
    }
    std::vector<int32_t> a(sizes[1]);
    std::vector<int32_t> b(sizes[1]);
    if (!read(in, a) || !read(in, b)) {
        std::fprintf(stderr, "%s is too short\n", arguments[1]);
        return 1;
    }
    std::fclose(in);

    std::vector<int32_t> labels(sizes[0]);
    for (std::string line; std::getline(std::cin, line);) {
        const auto start = std::chrono::steady_clock::now();
        components(a, b, labels);
        const auto end = std::chrono::steady_clock::now();
        std::cout << std::chrono::duration_cast<std::chrono::nanoseconds>(end - start).count() << std::endl;
    }

    std::FILE* out = std::fopen(arguments[2], "wb");
    if (out == nullptr || std::fwrite(labels.data(), sizeof(int32_t), labels.size(), out) != labels.size()
            || std::fclose(out) != 0) {
        std::fprintf(stderr, "cannot write %s\n", arguments[2]);
        return 1;
    }
    return 0;
}
