# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_socialchat_cli_global_optspecs
    string join \n profile= api-url= sandbox json y/yes no-input q/quiet v/verbose color= config-dir= h/help V/version
end

function __fish_socialchat_cli_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_socialchat_cli_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_socialchat_cli_using_subcommand
    set -l cmd (__fish_socialchat_cli_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -f -a "login" -d 'Log in and save credentials'
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -f -a "logout" -d 'Remove the saved credentials of the profile'
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -f -a "whoami" -d 'Show the account in use and whether the API accepts it'
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -f -a "platforms" -d 'Show what each platform can do, and by which way'
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -f -a "connect" -d 'Connect channels'
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -f -a "reconnect" -d 'Reconnect channels: one sign-in gives many a fresh token'
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -f -a "channels" -d 'List, show and watch connected channels'
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -f -a "disconnect" -d 'Delete channels'
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -f -a "pages" -d 'List every Page or account that a sign-in covers'
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -f -a "authorize" -d 'Sign in and print only the token'
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -f -a "callback" -d 'Show and set the account-wide callback URLs'
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -f -a "sandbox" -d 'Try and test with an embedded Partner API'
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -f -a "completions" -d 'Print the completion script for a shell'
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -f -a "man" -d 'Write the man pages to a folder'
complete -c socialchat-cli -n "__fish_socialchat_cli_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand login" -l app-id -d 'The App ID. Asks for its secret key, or reads it with --secret-key-stdin' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand login" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand login" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand login" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand login" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand login" -l api-key-stdin -d 'Read the API key from stdin'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand login" -l secret-key-stdin -d 'Read the secret key of --app-id from stdin'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand login" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand login" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand login" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand login" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand login" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand login" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand login" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand logout" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand logout" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand logout" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand logout" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand logout" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand logout" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand logout" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand logout" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand logout" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand logout" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand logout" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand whoami" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand whoami" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand whoami" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand whoami" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand whoami" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand whoami" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand whoami" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand whoami" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand whoami" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand whoami" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand whoami" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand whoami" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand platforms" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand platforms" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand platforms" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand platforms" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand platforms" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand platforms" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand platforms" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand platforms" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand platforms" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand platforms" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand platforms" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand platforms" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and not __fish_seen_subcommand_from messenger instagram telegram whatsapp webchat linkchat help" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and not __fish_seen_subcommand_from messenger instagram telegram whatsapp webchat linkchat help" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and not __fish_seen_subcommand_from messenger instagram telegram whatsapp webchat linkchat help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and not __fish_seen_subcommand_from messenger instagram telegram whatsapp webchat linkchat help" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and not __fish_seen_subcommand_from messenger instagram telegram whatsapp webchat linkchat help" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and not __fish_seen_subcommand_from messenger instagram telegram whatsapp webchat linkchat help" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and not __fish_seen_subcommand_from messenger instagram telegram whatsapp webchat linkchat help" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and not __fish_seen_subcommand_from messenger instagram telegram whatsapp webchat linkchat help" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and not __fish_seen_subcommand_from messenger instagram telegram whatsapp webchat linkchat help" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and not __fish_seen_subcommand_from messenger instagram telegram whatsapp webchat linkchat help" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and not __fish_seen_subcommand_from messenger instagram telegram whatsapp webchat linkchat help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and not __fish_seen_subcommand_from messenger instagram telegram whatsapp webchat linkchat help" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and not __fish_seen_subcommand_from messenger instagram telegram whatsapp webchat linkchat help" -f -a "messenger" -d 'Connect Facebook Pages'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and not __fish_seen_subcommand_from messenger instagram telegram whatsapp webchat linkchat help" -f -a "instagram" -d 'Connect Instagram accounts'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and not __fish_seen_subcommand_from messenger instagram telegram whatsapp webchat linkchat help" -f -a "telegram" -d 'Connect a Telegram bot'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and not __fish_seen_subcommand_from messenger instagram telegram whatsapp webchat linkchat help" -f -a "whatsapp" -d 'Connect a WhatsApp number by QR code'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and not __fish_seen_subcommand_from messenger instagram telegram whatsapp webchat linkchat help" -f -a "webchat" -d 'Create a chat box for a website'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and not __fish_seen_subcommand_from messenger instagram telegram whatsapp webchat linkchat help" -f -a "linkchat" -d 'Create a chat that opens from a link'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and not __fish_seen_subcommand_from messenger instagram telegram whatsapp webchat linkchat help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from messenger" -l page -d 'Page ID or unique name to connect (repeatable)' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from messenger" -l if-connected -d 'What to do with Pages that are already connected' -r -f -a "reconnect\t'Give the channel a fresh token'
skip\t'Leave the channel as it is'
fail\t'Report an error'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from messenger" -l concurrency -d 'How many requests to send at the same time' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from messenger" -l port -d 'Port to listen on [default: a free one]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from messenger" -l callback-url -d 'Public URL, such as a tunnel\'s, that reaches --port' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from messenger" -l timeout -d 'How long to wait for the sign-in' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from messenger" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from messenger" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from messenger" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from messenger" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from messenger" -l all -d 'Connect every Page or account that the sign-in covers'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from messenger" -l dry-run -d 'Show what would be done, and change nothing'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from messenger" -l token-stdin -d 'Read the token from stdin instead of signing in'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from messenger" -l paste -d 'Sign in without changing the callback URL, and paste the final URL'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from messenger" -l no-browser -d 'Print the authorize URL instead of opening it'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from messenger" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from messenger" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from messenger" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from messenger" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from messenger" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from messenger" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from messenger" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from messenger" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from instagram" -l page -d 'Page ID or unique name to connect (repeatable)' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from instagram" -l if-connected -d 'What to do with Pages that are already connected' -r -f -a "reconnect\t'Give the channel a fresh token'
skip\t'Leave the channel as it is'
fail\t'Report an error'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from instagram" -l concurrency -d 'How many requests to send at the same time' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from instagram" -l port -d 'Port to listen on [default: a free one]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from instagram" -l callback-url -d 'Public URL, such as a tunnel\'s, that reaches --port' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from instagram" -l timeout -d 'How long to wait for the sign-in' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from instagram" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from instagram" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from instagram" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from instagram" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from instagram" -l all -d 'Connect every Page or account that the sign-in covers'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from instagram" -l dry-run -d 'Show what would be done, and change nothing'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from instagram" -l token-stdin -d 'Read the token from stdin instead of signing in'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from instagram" -l paste -d 'Sign in without changing the callback URL, and paste the final URL'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from instagram" -l no-browser -d 'Print the authorize URL instead of opening it'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from instagram" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from instagram" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from instagram" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from instagram" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from instagram" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from instagram" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from instagram" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from instagram" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from telegram" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from telegram" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from telegram" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from telegram" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from telegram" -l bot-token-stdin -d 'Read the bot\'s token from stdin'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from telegram" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from telegram" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from telegram" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from telegram" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from telegram" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from telegram" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from telegram" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from telegram" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from whatsapp" -l name -d 'Channel name' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from whatsapp" -l phone -d 'Phone number, such as 081234567890 or "+62 812-3456-7890"' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from whatsapp" -l qr-file -d 'Write the QR code to this PNG file instead of the terminal' -r -F
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from whatsapp" -l timeout -d 'How long to wait for the scan' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from whatsapp" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from whatsapp" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from whatsapp" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from whatsapp" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from whatsapp" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from whatsapp" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from whatsapp" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from whatsapp" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from whatsapp" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from whatsapp" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from whatsapp" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from whatsapp" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from webchat" -l name -d 'Channel name' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from webchat" -l website-url -d 'Website URL' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from webchat" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from webchat" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from webchat" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from webchat" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from webchat" -l pre-chat -d 'Ask visitors for their name and phone number first'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from webchat" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from webchat" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from webchat" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from webchat" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from webchat" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from webchat" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from webchat" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from webchat" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from linkchat" -l name -d 'Channel name' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from linkchat" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from linkchat" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from linkchat" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from linkchat" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from linkchat" -l pre-chat -d 'Ask visitors for their name and phone number first'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from linkchat" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from linkchat" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from linkchat" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from linkchat" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from linkchat" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from linkchat" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from linkchat" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from linkchat" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from help" -f -a "messenger" -d 'Connect Facebook Pages'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from help" -f -a "instagram" -d 'Connect Instagram accounts'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from help" -f -a "telegram" -d 'Connect a Telegram bot'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from help" -f -a "whatsapp" -d 'Connect a WhatsApp number by QR code'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from help" -f -a "webchat" -d 'Create a chat box for a website'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from help" -f -a "linkchat" -d 'Create a chat that opens from a link'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand connect; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and not __fish_seen_subcommand_from messenger instagram telegram help" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and not __fish_seen_subcommand_from messenger instagram telegram help" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and not __fish_seen_subcommand_from messenger instagram telegram help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and not __fish_seen_subcommand_from messenger instagram telegram help" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and not __fish_seen_subcommand_from messenger instagram telegram help" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and not __fish_seen_subcommand_from messenger instagram telegram help" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and not __fish_seen_subcommand_from messenger instagram telegram help" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and not __fish_seen_subcommand_from messenger instagram telegram help" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and not __fish_seen_subcommand_from messenger instagram telegram help" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and not __fish_seen_subcommand_from messenger instagram telegram help" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and not __fish_seen_subcommand_from messenger instagram telegram help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and not __fish_seen_subcommand_from messenger instagram telegram help" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and not __fish_seen_subcommand_from messenger instagram telegram help" -f -a "messenger" -d 'Reconnect Messenger channels'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and not __fish_seen_subcommand_from messenger instagram telegram help" -f -a "instagram" -d 'Reconnect Instagram channels'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and not __fish_seen_subcommand_from messenger instagram telegram help" -f -a "telegram" -d 'Reconnect a Telegram channel with a fresh token of the same bot'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and not __fish_seen_subcommand_from messenger instagram telegram help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -l shard -d 'Only this share of the channels, such as 2/5 (always the same ones)' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -l concurrency -d 'How many requests to send at the same time' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -l port -d 'Port to listen on [default: a free one]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -l callback-url -d 'Public URL, such as a tunnel\'s, that reaches --port' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -l timeout -d 'How long to wait for the sign-in' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -l all -d 'All channels of the kind'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -l disconnected -d 'Only disconnected channels'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -l resume -d 'Resume an interrupted or partly failed run'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -l dry-run -d 'Show what would be done, and change nothing'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -l token-stdin -d 'Read the token from stdin instead of signing in'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -l paste -d 'Sign in without changing the callback URL, and paste the final URL'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -l no-browser -d 'Print the authorize URL instead of opening it'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from messenger" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -l shard -d 'Only this share of the channels, such as 2/5 (always the same ones)' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -l concurrency -d 'How many requests to send at the same time' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -l port -d 'Port to listen on [default: a free one]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -l callback-url -d 'Public URL, such as a tunnel\'s, that reaches --port' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -l timeout -d 'How long to wait for the sign-in' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -l all -d 'All channels of the kind'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -l disconnected -d 'Only disconnected channels'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -l resume -d 'Resume an interrupted or partly failed run'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -l dry-run -d 'Show what would be done, and change nothing'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -l token-stdin -d 'Read the token from stdin instead of signing in'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -l paste -d 'Sign in without changing the callback URL, and paste the final URL'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -l no-browser -d 'Print the authorize URL instead of opening it'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from instagram" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from telegram" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from telegram" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from telegram" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from telegram" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from telegram" -l bot-token-stdin -d 'Read the bot\'s token from stdin'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from telegram" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from telegram" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from telegram" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from telegram" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from telegram" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from telegram" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from telegram" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from telegram" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from help" -f -a "messenger" -d 'Reconnect Messenger channels'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from help" -f -a "instagram" -d 'Reconnect Instagram channels'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from help" -f -a "telegram" -d 'Reconnect a Telegram channel with a fresh token of the same bot'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand reconnect; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and not __fish_seen_subcommand_from list show watch help" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and not __fish_seen_subcommand_from list show watch help" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and not __fish_seen_subcommand_from list show watch help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and not __fish_seen_subcommand_from list show watch help" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and not __fish_seen_subcommand_from list show watch help" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and not __fish_seen_subcommand_from list show watch help" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and not __fish_seen_subcommand_from list show watch help" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and not __fish_seen_subcommand_from list show watch help" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and not __fish_seen_subcommand_from list show watch help" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and not __fish_seen_subcommand_from list show watch help" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and not __fish_seen_subcommand_from list show watch help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and not __fish_seen_subcommand_from list show watch help" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and not __fish_seen_subcommand_from list show watch help" -f -a "list" -d 'List the channels'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and not __fish_seen_subcommand_from list show watch help" -f -a "show" -d 'Show all details of one channel except its secrets'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and not __fish_seen_subcommand_from list show watch help" -f -a "watch" -d 'Watch for channels that disconnect or reconnect'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and not __fish_seen_subcommand_from list show watch help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from list" -l kind -d 'Only this kind (repeatable)' -r -f -a "messenger\t''
instagram\t''
telegram\t''
whatsapp-unofficial\t''
whatsapp-official\t''
webchat\t''
linkchat\t''"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from list" -l search -d 'Only channels with this text in their name or label' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from list" -l limit -d 'Show at most this many' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from list" -l sort -d 'Sort by this; without it, in the API\'s order' -r -f -a "name\t'Name, in any case'
kind\t'Kind, then name'
state\t'Disconnected, unknown, connected; then name'
since\t'The longest since the last change of state first'
id\t'_id'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from list" -l format -d 'What to print the list as [default: table]' -r -f -a "table\t'Columns that fit the terminal'
json\t'One JSON document (as --json)'
jsonl\t'One JSON object a line'
csv\t'Comma-separated values with a header, for spreadsheets'
id\t'Only the id, one a line'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from list" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from list" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from list" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from list" -l connected -d 'Only connected channels'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from list" -l disconnected -d 'Only disconnected channels'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from list" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from list" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from show" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from show" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from show" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from show" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from show" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from watch" -l interval -d 'How often to check: 60s, 5m, 1h' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from watch" -l kind -d 'Only this kind (repeatable)' -r -f -a "messenger\t''
instagram\t''
telegram\t''
whatsapp-unofficial\t''
whatsapp-official\t''
webchat\t''
linkchat\t''"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from watch" -l exec -d 'Run this shell command for each change, with the channel as JSON on its stdin' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from watch" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from watch" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from watch" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from watch" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from watch" -l once -d 'Check once and exit (for cron)'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from watch" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from watch" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from watch" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from watch" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from watch" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from watch" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from watch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from watch" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the channels'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show all details of one channel except its secrets'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from help" -f -a "watch" -d 'Watch for channels that disconnect or reconnect'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand channels; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand disconnect" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand disconnect" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand disconnect" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand disconnect" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand disconnect" -l dry-run -d 'Show which channels would be deleted, and delete none'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand disconnect" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand disconnect" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand disconnect" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand disconnect" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand disconnect" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand disconnect" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand disconnect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand disconnect" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand pages" -l sort -d 'Sort by this; without it, in the API\'s order' -r -f -a "name\t'Name, in any case'
state\t'Not connected, connected; then name'
id\t'Page or account id'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand pages" -l format -d 'What to print the list as [default: table]' -r -f -a "table\t'Columns that fit the terminal'
json\t'One JSON document (as --json)'
jsonl\t'One JSON object a line'
csv\t'Comma-separated values with a header, for spreadsheets'
id\t'Only the id, one a line'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand pages" -l port -d 'Port to listen on [default: a free one]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand pages" -l callback-url -d 'Public URL, such as a tunnel\'s, that reaches --port' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand pages" -l timeout -d 'How long to wait for the sign-in' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand pages" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand pages" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand pages" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand pages" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand pages" -l token-stdin -d 'Read the token from stdin instead of signing in'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand pages" -l paste -d 'Sign in without changing the callback URL, and paste the final URL'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand pages" -l no-browser -d 'Print the authorize URL instead of opening it'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand pages" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand pages" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand pages" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand pages" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand pages" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand pages" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand pages" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand pages" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand authorize" -l port -d 'Port to listen on [default: a free one]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand authorize" -l callback-url -d 'Public URL, such as a tunnel\'s, that reaches --port' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand authorize" -l timeout -d 'How long to wait for the sign-in' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand authorize" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand authorize" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand authorize" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand authorize" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand authorize" -l token-stdin -d 'Read the token from stdin instead of signing in'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand authorize" -l paste -d 'Sign in without changing the callback URL, and paste the final URL'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand authorize" -l no-browser -d 'Print the authorize URL instead of opening it'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand authorize" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand authorize" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand authorize" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand authorize" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand authorize" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand authorize" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand authorize" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand authorize" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and not __fish_seen_subcommand_from show set restore help" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and not __fish_seen_subcommand_from show set restore help" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and not __fish_seen_subcommand_from show set restore help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and not __fish_seen_subcommand_from show set restore help" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and not __fish_seen_subcommand_from show set restore help" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and not __fish_seen_subcommand_from show set restore help" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and not __fish_seen_subcommand_from show set restore help" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and not __fish_seen_subcommand_from show set restore help" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and not __fish_seen_subcommand_from show set restore help" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and not __fish_seen_subcommand_from show set restore help" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and not __fish_seen_subcommand_from show set restore help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and not __fish_seen_subcommand_from show set restore help" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and not __fish_seen_subcommand_from show set restore help" -f -a "show" -d 'Show the current settings'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and not __fish_seen_subcommand_from show set restore help" -f -a "set" -d 'Change settings; those you leave out stay the same'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and not __fish_seen_subcommand_from show set restore help" -f -a "restore" -d 'Restore the callback URLs that interrupted sign-ins left changed'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and not __fish_seen_subcommand_from show set restore help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from show" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from show" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from show" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from show" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from show" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from set" -l messenger -d 'Callback URL of Messenger sign-ins (\'\' unsets it)' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from set" -l instagram -d 'Callback URL of Instagram sign-ins (\'\' unsets it)' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from set" -l webhook -d 'Webhook URL for messages and other events (\'\' unsets it)' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from set" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from set" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from set" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from set" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from set" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from set" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from set" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from set" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from set" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from restore" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from restore" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from restore" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from restore" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from restore" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from restore" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from restore" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from restore" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from restore" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from restore" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from restore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from restore" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show the current settings'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from help" -f -a "set" -d 'Change settings; those you leave out stay the same'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from help" -f -a "restore" -d 'Restore the callback URLs that interrupted sign-ins left changed'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand callback; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset help" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset help" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset help" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset help" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset help" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset help" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset help" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset help" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset help" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset help" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset help" -f -a "serve" -d 'Serve the sandbox to other programs until Ctrl-C'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset help" -f -a "reset" -d 'Reset the sandbox to its initial data'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l port -d 'Port to listen on [default: a free one]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l pages -d 'How many Pages and accounts the person has' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l latency -d 'Delay each answer by this many milliseconds' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l fault -d 'Fail these requests in this way (repeatable)' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l fault-file -d 'Read faults from a file, one per line' -r -F
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l generation -d 'Which generation of the API to speak' -r -f -a "2024\t'The guides of 2024: App ID and Secret Key, settings that can\'t be read, no disconnecting'
2026\t'The documentation of July 2026'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l put -d 'What changing settings does to the fields left out' -r -f -a "merge\t'They stay'
replace\t'They are unset'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l qr-period -d 'How long each WhatsApp QR code is valid; the sandbox\'s phone scans the third' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l limit -d 'Answer 402 when there are this many channels' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l pages -d 'How many Pages and accounts the person has [default: a few]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l channels -d 'How many of the Pages are already connected' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l disconnected -d 'How many of those channels are disconnected' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l foreign -d 'How many Pages another account has connected' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "serve" -d 'Serve the sandbox to other programs until Ctrl-C'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "reset" -d 'Reset the sandbox to its initial data'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand completions" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand completions" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand completions" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand completions" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand completions" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand completions" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand completions" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand completions" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand completions" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand completions" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand completions" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand man" -l profile -d 'Which saved account to use [default: default]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand man" -l api-url -d 'URL of the Partner API [default: https://api.socialchat.id/partner]' -r
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand man" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that supports them, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand man" -l config-dir -d 'Keep all files of this program in this folder' -r -f -a "(__fish_complete_directories)"
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand man" -l sandbox -d 'Use the embedded sandbox, which needs no account'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand man" -l json -d 'Print the result as one JSON document'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand man" -s y -l yes -d 'Answer yes to every confirmation'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand man" -l no-input -d 'Never ask; fail and name the missing option'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand man" -s q -l quiet -d 'Show only warnings and errors'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand man" -s v -l verbose -d 'Show each request: method, path, status, milliseconds'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand man" -s V -l version -d 'Print version'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami platforms connect reconnect channels disconnect pages authorize callback sandbox completions man help" -f -a "login" -d 'Log in and save credentials'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami platforms connect reconnect channels disconnect pages authorize callback sandbox completions man help" -f -a "logout" -d 'Remove the saved credentials of the profile'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami platforms connect reconnect channels disconnect pages authorize callback sandbox completions man help" -f -a "whoami" -d 'Show the account in use and whether the API accepts it'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami platforms connect reconnect channels disconnect pages authorize callback sandbox completions man help" -f -a "platforms" -d 'Show what each platform can do, and by which way'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami platforms connect reconnect channels disconnect pages authorize callback sandbox completions man help" -f -a "connect" -d 'Connect channels'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami platforms connect reconnect channels disconnect pages authorize callback sandbox completions man help" -f -a "reconnect" -d 'Reconnect channels: one sign-in gives many a fresh token'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami platforms connect reconnect channels disconnect pages authorize callback sandbox completions man help" -f -a "channels" -d 'List, show and watch connected channels'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami platforms connect reconnect channels disconnect pages authorize callback sandbox completions man help" -f -a "disconnect" -d 'Delete channels'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami platforms connect reconnect channels disconnect pages authorize callback sandbox completions man help" -f -a "pages" -d 'List every Page or account that a sign-in covers'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami platforms connect reconnect channels disconnect pages authorize callback sandbox completions man help" -f -a "authorize" -d 'Sign in and print only the token'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami platforms connect reconnect channels disconnect pages authorize callback sandbox completions man help" -f -a "callback" -d 'Show and set the account-wide callback URLs'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami platforms connect reconnect channels disconnect pages authorize callback sandbox completions man help" -f -a "sandbox" -d 'Try and test with an embedded Partner API'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami platforms connect reconnect channels disconnect pages authorize callback sandbox completions man help" -f -a "completions" -d 'Print the completion script for a shell'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami platforms connect reconnect channels disconnect pages authorize callback sandbox completions man help" -f -a "man" -d 'Write the man pages to a folder'
complete -c socialchat-cli -n "__fish_socialchat_cli_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami platforms connect reconnect channels disconnect pages authorize callback sandbox completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
