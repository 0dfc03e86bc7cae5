
use builtin;
use str;

set edit:completion:arg-completer[socialchat-cli] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'socialchat-cli'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'socialchat-cli'= {
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand login 'Store credentials, after trying them on the API'
            cand logout 'Remove the stored credentials of the profile'
            cand whoami 'Show which account is used, from where, and whether the API accepts it'
            cand connect 'Sign in, choose, connect'
            cand reconnect 'Sign in once and give channels a fresh token'
            cand channels 'List, show and watch connected channels'
            cand disconnect 'Delete channels, after asking'
            cand pages 'List every Page or account that a sign-in covers'
            cand authorize 'Sign in and print the token, nothing else'
            cand callback 'Show and set the account-wide callback URLs'
            cand sandbox 'The embedded Partner API, for trying and testing'
            cand completions 'Print a shell''s completion script'
            cand man 'Write the man pages into a folder'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'socialchat-cli;login'= {
            cand --app-id 'The App ID (with its secret key on stdin)'
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --api-key-stdin 'Read the API key from stdin'
            cand --secret-key-stdin 'Read the secret key of --app-id from stdin'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;logout'= {
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;whoami'= {
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;connect'= {
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand messenger 'Connect Facebook Pages'
            cand instagram 'Connect Instagram accounts'
            cand telegram 'Connect a Telegram bot'
            cand whatsapp 'Connect a WhatsApp number by QR code'
            cand webchat 'Connect a chat box for a website'
            cand linkchat 'Connect a chat behind a link'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'socialchat-cli;connect;messenger'= {
            cand --page 'Connect this one: an exact id, or an exact name that only one has (repeatable)'
            cand --if-connected 'What to do with those that are connected already'
            cand --concurrency 'How many at the same time'
            cand --port 'Listen on this port instead of a free one'
            cand --callback-url 'The public address, of a tunnel say, that reaches --port'
            cand --timeout 'How long to wait for the browser'
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --all 'Connect everything that the sign-in covers'
            cand --dry-run 'Show what would be done, and do nothing'
            cand --token-stdin 'Read the token from stdin: no browser, and the callback URL is left alone'
            cand --paste 'Leave the callback URL alone; paste the address that the browser ends on'
            cand --no-browser 'Print the authorize URL, open nothing'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;connect;instagram'= {
            cand --page 'Connect this one: an exact id, or an exact name that only one has (repeatable)'
            cand --if-connected 'What to do with those that are connected already'
            cand --concurrency 'How many at the same time'
            cand --port 'Listen on this port instead of a free one'
            cand --callback-url 'The public address, of a tunnel say, that reaches --port'
            cand --timeout 'How long to wait for the browser'
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --all 'Connect everything that the sign-in covers'
            cand --dry-run 'Show what would be done, and do nothing'
            cand --token-stdin 'Read the token from stdin: no browser, and the callback URL is left alone'
            cand --paste 'Leave the callback URL alone; paste the address that the browser ends on'
            cand --no-browser 'Print the authorize URL, open nothing'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;connect;telegram'= {
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --bot-token-stdin 'Read the bot''s token from stdin'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;connect;whatsapp'= {
            cand --name 'What the channel is to be called'
            cand --phone 'The number: 0812..., +62812..., with spaces or without'
            cand --qr-file 'Write the QR code to this PNG file instead of drawing it'
            cand --timeout 'How long to wait for the phone'
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;connect;webchat'= {
            cand --name 'What the channel is to be called'
            cand --website-url 'The website it stands on'
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --pre-chat 'Ask visitors for their name and number first'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;connect;linkchat'= {
            cand --name 'What the channel is to be called'
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --pre-chat 'Ask visitors for their name and number first'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;connect;help'= {
            cand messenger 'Connect Facebook Pages'
            cand instagram 'Connect Instagram accounts'
            cand telegram 'Connect a Telegram bot'
            cand whatsapp 'Connect a WhatsApp number by QR code'
            cand webchat 'Connect a chat box for a website'
            cand linkchat 'Connect a chat behind a link'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'socialchat-cli;connect;help;messenger'= {
        }
        &'socialchat-cli;connect;help;instagram'= {
        }
        &'socialchat-cli;connect;help;telegram'= {
        }
        &'socialchat-cli;connect;help;whatsapp'= {
        }
        &'socialchat-cli;connect;help;webchat'= {
        }
        &'socialchat-cli;connect;help;linkchat'= {
        }
        &'socialchat-cli;connect;help;help'= {
        }
        &'socialchat-cli;reconnect'= {
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand messenger 'Reconnect Messenger channels'
            cand instagram 'Reconnect Instagram channels'
            cand telegram 'Reconnect a Telegram channel with a fresh token of the same bot'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'socialchat-cli;reconnect;messenger'= {
            cand --shard 'Only this share of them, such as 2/5: the same channels every time'
            cand --concurrency 'How many at the same time'
            cand --port 'Listen on this port instead of a free one'
            cand --callback-url 'The public address, of a tunnel say, that reaches --port'
            cand --timeout 'How long to wait for the browser'
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --all 'All channels of the kind'
            cand --disconnected 'Only those that have come loose'
            cand --resume 'Go on with what an interrupted or half failed run has left'
            cand --dry-run 'Show what would be done, and do nothing'
            cand --token-stdin 'Read the token from stdin: no browser, and the callback URL is left alone'
            cand --paste 'Leave the callback URL alone; paste the address that the browser ends on'
            cand --no-browser 'Print the authorize URL, open nothing'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;reconnect;instagram'= {
            cand --shard 'Only this share of them, such as 2/5: the same channels every time'
            cand --concurrency 'How many at the same time'
            cand --port 'Listen on this port instead of a free one'
            cand --callback-url 'The public address, of a tunnel say, that reaches --port'
            cand --timeout 'How long to wait for the browser'
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --all 'All channels of the kind'
            cand --disconnected 'Only those that have come loose'
            cand --resume 'Go on with what an interrupted or half failed run has left'
            cand --dry-run 'Show what would be done, and do nothing'
            cand --token-stdin 'Read the token from stdin: no browser, and the callback URL is left alone'
            cand --paste 'Leave the callback URL alone; paste the address that the browser ends on'
            cand --no-browser 'Print the authorize URL, open nothing'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;reconnect;telegram'= {
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --bot-token-stdin 'Read the bot''s token from stdin'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;reconnect;help'= {
            cand messenger 'Reconnect Messenger channels'
            cand instagram 'Reconnect Instagram channels'
            cand telegram 'Reconnect a Telegram channel with a fresh token of the same bot'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'socialchat-cli;reconnect;help;messenger'= {
        }
        &'socialchat-cli;reconnect;help;instagram'= {
        }
        &'socialchat-cli;reconnect;help;telegram'= {
        }
        &'socialchat-cli;reconnect;help;help'= {
        }
        &'socialchat-cli;channels'= {
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand list 'List the channels'
            cand show 'Show one channel: everything but its secrets'
            cand watch 'Tell when a channel comes loose or comes back'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'socialchat-cli;channels;list'= {
            cand --kind 'Only this kind (repeatable)'
            cand --search 'Only those with this text in their name or label'
            cand --limit 'At most this many'
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --connected 'Only those that work'
            cand --disconnected 'Only those that have come loose'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;channels;show'= {
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;channels;watch'= {
            cand --interval 'How often to look: 60s, 5m, 1h'
            cand --kind 'Only this kind (repeatable)'
            cand --exec 'Run this in the shell for each change, with the channel as JSON on its stdin'
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --once 'Look once and say what is loose: for cron'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;channels;help'= {
            cand list 'List the channels'
            cand show 'Show one channel: everything but its secrets'
            cand watch 'Tell when a channel comes loose or comes back'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'socialchat-cli;channels;help;list'= {
        }
        &'socialchat-cli;channels;help;show'= {
        }
        &'socialchat-cli;channels;help;watch'= {
        }
        &'socialchat-cli;channels;help;help'= {
        }
        &'socialchat-cli;disconnect'= {
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --dry-run 'Show what would go, and delete nothing'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;pages'= {
            cand --port 'Listen on this port instead of a free one'
            cand --callback-url 'The public address, of a tunnel say, that reaches --port'
            cand --timeout 'How long to wait for the browser'
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --token-stdin 'Read the token from stdin: no browser, and the callback URL is left alone'
            cand --paste 'Leave the callback URL alone; paste the address that the browser ends on'
            cand --no-browser 'Print the authorize URL, open nothing'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;authorize'= {
            cand --port 'Listen on this port instead of a free one'
            cand --callback-url 'The public address, of a tunnel say, that reaches --port'
            cand --timeout 'How long to wait for the browser'
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --token-stdin 'Read the token from stdin: no browser, and the callback URL is left alone'
            cand --paste 'Leave the callback URL alone; paste the address that the browser ends on'
            cand --no-browser 'Print the authorize URL, open nothing'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;callback'= {
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand show 'Show the settings as the API holds them'
            cand set 'Change settings; the others stay as they are'
            cand restore 'Put back what an interrupted sign-in left behind'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'socialchat-cli;callback;show'= {
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;callback;set'= {
            cand --messenger 'Where Messenger sign-ins are sent ('''' unsets it)'
            cand --instagram 'Where Instagram sign-ins are sent ('''' unsets it)'
            cand --webhook 'Where messages and other events are posted ('''' unsets it)'
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;callback;restore'= {
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;callback;help'= {
            cand show 'Show the settings as the API holds them'
            cand set 'Change settings; the others stay as they are'
            cand restore 'Put back what an interrupted sign-in left behind'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'socialchat-cli;callback;help;show'= {
        }
        &'socialchat-cli;callback;help;set'= {
        }
        &'socialchat-cli;callback;help;restore'= {
        }
        &'socialchat-cli;callback;help;help'= {
        }
        &'socialchat-cli;sandbox'= {
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand serve 'Serve the sandbox to other programs until Ctrl-C'
            cand reset 'Begin anew: forget what was connected and set'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'socialchat-cli;sandbox;serve'= {
            cand --port 'Listen on this port instead of a free one'
            cand --pages 'How many Pages and accounts a person has'
            cand --latency 'Answer so many milliseconds later'
            cand --fault 'Fail on order (repeatable)'
            cand --fault-file 'Read faults from a file, one a line'
            cand --generation 'Which generation of the API to speak'
            cand --put 'What changing the settings does to fields that are left out'
            cand --qr-period 'How long a WhatsApp QR code is good for, in milliseconds'
            cand --limit 'Answer 402 beyond so many channels'
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;sandbox;reset'= {
            cand --pages 'How many Pages and accounts a person has, instead of the small default'
            cand --channels 'So many of the Pages are connected already'
            cand --disconnected 'So many of those have come loose'
            cand --foreign 'So many Pages are connected with another account'
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;sandbox;help'= {
            cand serve 'Serve the sandbox to other programs until Ctrl-C'
            cand reset 'Begin anew: forget what was connected and set'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'socialchat-cli;sandbox;help;serve'= {
        }
        &'socialchat-cli;sandbox;help;reset'= {
        }
        &'socialchat-cli;sandbox;help;help'= {
        }
        &'socialchat-cli;completions'= {
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;man'= {
            cand --profile 'Which stored account to use [default: default]'
            cand --api-url 'The Partner API [default: https://api.socialchat.id/partner]'
            cand --color 'When to use colours'
            cand --config-dir 'Keep everything that is stored below this folder'
            cand --sandbox 'Use the embedded sandbox: no account, no credentials'
            cand --json 'Print the result as one JSON document'
            cand -y 'Answer every confirmation with yes'
            cand --yes 'Answer every confirmation with yes'
            cand --no-input 'Never ask: fail and name the missing option'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -v 'Show each request: method, path, status, milliseconds'
            cand --verbose 'Show each request: method, path, status, milliseconds'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'socialchat-cli;help'= {
            cand login 'Store credentials, after trying them on the API'
            cand logout 'Remove the stored credentials of the profile'
            cand whoami 'Show which account is used, from where, and whether the API accepts it'
            cand connect 'Sign in, choose, connect'
            cand reconnect 'Sign in once and give channels a fresh token'
            cand channels 'List, show and watch connected channels'
            cand disconnect 'Delete channels, after asking'
            cand pages 'List every Page or account that a sign-in covers'
            cand authorize 'Sign in and print the token, nothing else'
            cand callback 'Show and set the account-wide callback URLs'
            cand sandbox 'The embedded Partner API, for trying and testing'
            cand completions 'Print a shell''s completion script'
            cand man 'Write the man pages into a folder'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'socialchat-cli;help;login'= {
        }
        &'socialchat-cli;help;logout'= {
        }
        &'socialchat-cli;help;whoami'= {
        }
        &'socialchat-cli;help;connect'= {
            cand messenger 'Connect Facebook Pages'
            cand instagram 'Connect Instagram accounts'
            cand telegram 'Connect a Telegram bot'
            cand whatsapp 'Connect a WhatsApp number by QR code'
            cand webchat 'Connect a chat box for a website'
            cand linkchat 'Connect a chat behind a link'
        }
        &'socialchat-cli;help;connect;messenger'= {
        }
        &'socialchat-cli;help;connect;instagram'= {
        }
        &'socialchat-cli;help;connect;telegram'= {
        }
        &'socialchat-cli;help;connect;whatsapp'= {
        }
        &'socialchat-cli;help;connect;webchat'= {
        }
        &'socialchat-cli;help;connect;linkchat'= {
        }
        &'socialchat-cli;help;reconnect'= {
            cand messenger 'Reconnect Messenger channels'
            cand instagram 'Reconnect Instagram channels'
            cand telegram 'Reconnect a Telegram channel with a fresh token of the same bot'
        }
        &'socialchat-cli;help;reconnect;messenger'= {
        }
        &'socialchat-cli;help;reconnect;instagram'= {
        }
        &'socialchat-cli;help;reconnect;telegram'= {
        }
        &'socialchat-cli;help;channels'= {
            cand list 'List the channels'
            cand show 'Show one channel: everything but its secrets'
            cand watch 'Tell when a channel comes loose or comes back'
        }
        &'socialchat-cli;help;channels;list'= {
        }
        &'socialchat-cli;help;channels;show'= {
        }
        &'socialchat-cli;help;channels;watch'= {
        }
        &'socialchat-cli;help;disconnect'= {
        }
        &'socialchat-cli;help;pages'= {
        }
        &'socialchat-cli;help;authorize'= {
        }
        &'socialchat-cli;help;callback'= {
            cand show 'Show the settings as the API holds them'
            cand set 'Change settings; the others stay as they are'
            cand restore 'Put back what an interrupted sign-in left behind'
        }
        &'socialchat-cli;help;callback;show'= {
        }
        &'socialchat-cli;help;callback;set'= {
        }
        &'socialchat-cli;help;callback;restore'= {
        }
        &'socialchat-cli;help;sandbox'= {
            cand serve 'Serve the sandbox to other programs until Ctrl-C'
            cand reset 'Begin anew: forget what was connected and set'
        }
        &'socialchat-cli;help;sandbox;serve'= {
        }
        &'socialchat-cli;help;sandbox;reset'= {
        }
        &'socialchat-cli;help;completions'= {
        }
        &'socialchat-cli;help;man'= {
        }
        &'socialchat-cli;help;help'= {
        }
    ]
    $completions[$command]
}
