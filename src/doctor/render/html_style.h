#pragma once

#include <string_view>

namespace truename::doctor {

/// The style sheet of a page, with its tags: light and dark, wide and narrow, screen and paper. It loads nothing.
std::string_view html_style();

}  // namespace truename::doctor
