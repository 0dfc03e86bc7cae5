# Completions of socialchat-cli for bash 3.2 and later.
#
# The program itself says what may come next. What is typed goes to it over a pipe: arguments show up in `ps`.
_socialchat_cli() {
    local rest="${COMP_LINE:0:COMP_POINT}" trimmed word sort text about prefix="" index count=0 width=0
    local -a words texts abouts
    COMPREPLY=()
    # Bash breaks words at = and : as well. Those without a blank between them are one.
    for ((index = 0; index <= COMP_CWORD; index++)); do
        trimmed="${rest#"${rest%%[![:space:]]*}"}"
        word="${COMP_WORDS[index]}"
        if ((index == COMP_CWORD)); then
            word="$trimmed"
        fi
        if ((count > 0)) && [[ "$trimmed" == "$rest" ]]; then
            words[count - 1]+="$word"
        else
            words[count]="$word"
            count=$((count + 1))
        fi
        rest="${trimmed#"$word"}"
    done
    # Bash replaces only what stands behind the last of them.
    word="${words[count - 1]}"
    if [[ "$word" == *[=:]* ]]; then
        prefix="${word%"${word##*[=:]}"}"
    fi
    {
        IFS= read -r sort
        while IFS=$'\t' read -r text about; do
            texts+=("${text#"$prefix"}")
            abouts+=("$about")
        done
    } < <(printf '%s\0' "${words[@]:1}" | command socialchat-cli __complete 2>/dev/null)
    case "$sort" in
        files | folders)
            compopt -o filenames 2>/dev/null
            local action=-f
            [[ "$sort" == folders ]] && action=-d
            while IFS= read -r text; do
                COMPREPLY+=("$text")
            done < <(compgen "$action" -- "${word#"$prefix"}")
            ;;
        words)
            COMPREPLY=("${texts[@]}")
            # Where they are listed, what they mean stands behind them.
            if ((${#texts[@]} > 1)) && [[ " 33 63 64 " == *" $COMP_TYPE "* ]]; then
                for text in "${texts[@]}"; do
                    ((${#text} > width)) && width=${#text}
                done
                for index in "${!texts[@]}"; do
                    if [[ -n "${abouts[index]}" ]]; then
                        printf -v text "%-${width}s  (%s)" "${texts[index]}" "${abouts[index]}"
                        COMPREPLY[index]="${text:0:${COLUMNS:-80} - 2}"
                    fi
                done
            fi
            ;;
    esac
}

complete -F _socialchat_cli socialchat-cli
