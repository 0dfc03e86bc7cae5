# Completions of socialchat-cli for fish.
#
# The program itself says what may come next. What is typed goes to it over a pipe: arguments show up in `ps`.
function __socialchat_cli_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l current (commandline -ct)
    set -l answer (printf '%s\0' $words "$current" | command socialchat-cli __complete 2>/dev/null)
    set -l sort $answer[1]
    set -e answer[1]
    switch "$sort"
        case files
            __fish_complete_path "$current"
        case folders
            __fish_complete_directories "$current"
        case words
            for line in $answer
                echo $line
            end
    end
end

complete -c socialchat-cli -f -a '(__socialchat_cli_complete)'
