// What the C++ library has: containers, streams, exceptions that cross frames, complex numbers.
#include <algorithm>
#include <complex>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

struct Noisy {
        std::string name;
        explicit Noisy(std::string name) : name(std::move(name)) {}
        ~Noisy() { std::cout << "gone: " << name << '\n'; }
};

static int deep(int depth)
{
        Noisy one("level " + std::to_string(depth));
        if (depth == 0)
                throw std::out_of_range("bottom");
        return deep(depth - 1) + 1;
}

int main()
{
        std::map<std::string, int> words;
        std::istringstream text("the quick brown fox jumps over the lazy dog and the fox");
        for (std::string word; text >> word;)
                words[word]++;
        for (const auto &[word, count] : words)
                std::cout << word << ' ' << count << '\n';
        try {
                deep(3);
        } catch (const std::exception &error) {
                std::cout << "caught: " << error.what() << '\n';
        }
        std::vector<double> values(1000);
        std::iota(values.begin(), values.end(), -500.5);
        std::sort(values.begin(), values.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
        std::cout << std::setprecision(17) << values[0] << ' ' << values[999] << ' '
                  << std::accumulate(values.begin(), values.end(), 0.0, [](double s, double v) { return s + 1 / v; }) << '\n';
        std::complex<double> z(0.3, -0.7);
        std::cout << std::pow(z, 5) << ' ' << std::exp(z) << ' ' << std::abs(z) << '\n';
        try {
                std::vector<int>().at(3);
        } catch (const std::out_of_range &) {
                std::cout << "out of range\n";
        }
        auto shared = std::make_shared<Noisy>("shared");
        auto other = shared;
        std::cout << shared.use_count() << std::endl;
}
