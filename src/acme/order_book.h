#pragma once

#include <memory>
#include <string>
#include <vector>

#include "acme/ordering.h"
#include "base/time.h"
#include "sql/database.h"

namespace truename::acme {

/// A certificate that was ordered and is to be renewed.
struct Ordered {
    Ordering ordering;
    std::string place;  ///< a folder that its files were written to, or what the caller calls the servers that have it
    Time not_before{}, not_after{};

    /// When two thirds of its time are over.
    [[nodiscard]] Time due_at() const { return not_before + (not_after - not_before) * 2 / 3; }
};

/// What was ordered, and how: a SQLite database.
class OrderBook {
  public:
    /// Makes the folder, closed to others, and the database `orders.db` in it where there are none.
    static Result<OrderBook, Failure> open(const std::string& folder);
    /// Remembers it, in the place of what had the same first name at the same place.
    Result<void, Failure> keep(const Ordered& ordered);
    /// It is not renewed any more; what was made of it stays.
    Result<void, Failure> forget(const Ordered& ordered);
    /// Those that are remembered, by name.
    Result<std::vector<Ordered>, Failure> all();

  private:
    OrderBook(std::string folder, sql::Database database);
    [[nodiscard]] Failure failure(const sql::Error& error) const;

    std::string folder_;
    std::unique_ptr<sql::Database> database_;
};

}  // namespace truename::acme
