/** Values that hold themselves, or one another many times. */

/** Each makes `$x`; the maps' keys come before and after those that are long or many. */
export const KNOTS: Readonly<Record<string, string>> = Object.freeze({
  "a map that holds itself": '{{$x := dict "a" 1}}{{$_ := set $x "d" $x}}',
  "a map that holds itself twice":
    '{{$x := dict "a" 1}}{{$_ := set $x "d" $x}}{{$_ := set $x "e" $x}}',
  "a map that holds itself, with a long key after it":
    '{{$x := dict .}}{{$_ := set $x "d" $x}}{{$_ := set $x "zzz" 1}}',
  "a map that holds itself, with a long key before it":
    '{{$x := dict (print "A" .)}}{{$_ := set $x "d" $x}}',
  "a map that holds itself, with a key that is no UTF-8":
    '{{$x := dict (print (repeat 90000 "\\xff") "é")}}{{$_ := set $x "d" $x}}',
  "a map that holds itself, among many entries":
    '{{$x := dict}}{{range until 2000}}{{$_ := set $x (toString .) .}}{{end}}{{$_ := set $x "0" $x}}',
  "a list in a map that it holds": '{{$d := dict}}{{$x := list $d 1 $d}}{{$_ := set $d "d" $x}}',
  "a long list in a map that it holds":
    '{{$d := dict}}{{$x := prepend (until 20000) $d}}{{$_ := set $d "d" $x}}',
  "two maps that hold one another": '{{$x := dict}}{{$y := dict "d" $x}}{{$_ := set $x "d" $y}}',
  "a list of a list twice, 30 deep": "{{$x := list 1}}{{range 30}}{{$x = list $x $x}}{{end}}",
  "a map of a map twice, 30 deep": '{{$x := dict}}{{range 30}}{{$x = dict "a" $x "b" $x}}{{end}}',
  "a chain of 5,000 maps": '{{$x := dict}}{{range 5000}}{{$x = dict "d" $x}}{{end}}',
  "a chain of 5,000 lists": "{{$x := list}}{{range 5000}}{{$x = list $x}}{{end}}",
  "a list that holds itself 1,000 times":
    '{{$d := dict}}{{$x := list}}{{range 1000}}{{$x = append $x $d}}{{end}}{{$_ := set $d "d" $x}}',
});
